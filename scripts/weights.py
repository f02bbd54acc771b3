"""Writes lib/vision/models/weights/*.ts and imagenet.ts, torchvision's facts about its weights: python3 scripts/weights.py."""
import json
import pathlib

from torchvision import models
from torchvision.models import _api

FOLDER = pathlib.Path(__file__).parent.parent / "lib/vision/models"
FILES = {"inception": "inception", "mobilenetv2": "mobilenet-v2", "mobilenetv3": "mobilenet-v3", "shufflenetv2": "shufflenet-v2",
         "swin_transformer": "swin", "vision_transformer": "vit"}


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def literal(value):
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(literal(v) for v in value) + "]"
    return json.dumps(getattr(value, "value", value), ensure_ascii=False)


def row(weights):
    meta = weights.meta
    preset = ", ".join(f"{camel(k)}: {literal(v)}" for k, v in weights.transforms.keywords.items())
    metrics = meta["_metrics"]["ImageNet-1K"]
    fields = {
        "url": literal(weights.url),
        "params": f"{meta['num_params']}",
        "acc": literal([metrics["acc@1"], metrics["acc@5"]]).replace("NaN", "Number.NaN"),
        "ops": literal(meta["_ops"]),
        "size": literal(meta["_file_size"]),
        "preset": "{ " + preset + " }",
    }
    if meta.get("min_size", (1, 1)) != (1, 1):
        fields["minSize"] = literal(meta["min_size"])
    fields["recipe"] = literal(meta.get("recipe", ""))
    if "license" in meta:
        fields["license"] = literal(meta["license"])
    if not meta.get("categories"):
        fields["featuresOnly"] = "true"
    return ", ".join(f"{k}: {v}" for k, v in fields.items())


families = {}
for name in models.list_models(module=models):
    families.setdefault(_api.BUILTIN_MODELS[name].__module__.split(".")[-1], []).append(models.get_model_weights(name))
for family, sets in families.items():
    lines = [f"/** Weights of {family}: written by scripts/weights.py. */", 'import { weightsSet } from "../weights.js";', ""]
    for weights_set in sets:
        title = weights_set.__name__
        lines.append(f'export const {title} = weightsSet("{title}", "{weights_set.DEFAULT.name}", {{')
        lines += [f"  {weights.name}: {{ {row(weights)} }}," for weights in weights_set]
        lines += ["});"]
    (FOLDER / "weights" / f"{FILES.get(family, family)}.ts").write_text("\n".join(lines) + "\n")
categories = models.ResNet18_Weights.DEFAULT.meta["categories"]
text = json.dumps(categories, ensure_ascii=False)
(FOLDER / "imagenet.ts").write_text(
    f"/** The names of ImageNet's 1000 classes, as torchvision spells them: written by scripts/weights.py. */\nexport const IMAGENET_CATEGORIES: readonly string[] = {text};\n"
)
