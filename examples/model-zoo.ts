/**
 * Fourteen families of classifiers: built with random weights, and with pretrained ones where those are in the cache or can be
 * downloaded. `node scripts/run.mjs examples/model-zoo.ts`; CANDLEWICK_OFFLINE=1 keeps it from the net.
 */
import * as torch from "candlewick";

const { models } = torch.vision;
const short = process.env.CANDLEWICK_SHORT === "1";
if (short) torch.hub.setOffline(true);

const small = ["resnet18", "squeezenet1_0", "shufflenet_v2_x1_0", "mobilenet_v2", "mobilenet_v3_small", "mnasnet1_0"];
const large = ["alexnet", "vgg16", "densenet161", "inception_v3", "googlenet"];
const larger = ["mobilenet_v3_large", "resnext50_32x4d", "wide_resnet50_2"];

torch.manualSeed(0);
const image = torch.rand(1, 3, 224, 224);

/** What a model makes of the image: its best class and the largest logit. */
function best(model: torch.nn.AnyModule): string {
  model.eval();
  const logits = torch.noGrad(() => Reflect.apply(model.forward, model, [image])) as torch.Tensor;
  return `class ${logits.argmax().item()}, logit ${logits.max().item().toFixed(3)}`;
}

for (const name of short ? small : [...small, ...large, ...larger]) {
  const random = await models.getModel(name);
  const millions = random.parameters().reduce((n, p) => n + p.numel(), 0) / 1e6;
  console.log(`${name}: ${millions.toFixed(1)} M parameters; random weights: ${best(random)}`);
  try {
    const pretrained = await models.getModel(name, { weights: "DEFAULT" });
    const { categories } = models.getModelWeights(name).DEFAULT.meta;
    console.log(`  pretrained: ${best(pretrained)}; ${categories?.length} categories, such as ${categories?.[0]}`);
  } catch (error) {
    if (!(error instanceof torch.IOError)) throw error;
    console.log(`  pretrained: ${error.message}`);
  }
}
