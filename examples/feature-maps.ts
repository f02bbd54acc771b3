/**
 * What the layers of a network of 13 convolutions see: hooks at layers 0, 20 and 40 keep their outputs, which are drawn.
 *
 *   node scripts/run.mjs examples/feature-maps.ts [FOLDER] [IMAGE]      writes FOLDER/layer-*.png and FOLDER/filters.png (pictures)
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { plot, vision } = torch;
const T = vision.transforms;
const [folder = "pictures", file] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

torch.manualSeed(0);
const vgg = vision.models.vgg16_bn({ numClasses: 10 }).eval(); // 13 convolutions, each with a batch norm and a ReLU
const side = process.env.CANDLEWICK_SHORT === "1" ? 64 : 224;

const image =
  file === undefined
    ? new vision.datasets.FashionMNISTSample().get(0)[0].expand(3, 28, 28).mul(255).to("uint8")
    : await vision.io.readImage(file, { mode: "RGB" });
const transform = new T.Compose([new T.Resize([side, side]), new T.ToTensor()]);
const x = transform.forward(image).unsqueeze(0);

// The outputs by the number of the layer.
const outputs = new Map<number, torch.Tensor>();
const layerAt = (i: number) => vgg.features.at(i) as torch.nn.Module;
const hooks = [0, 20, 40].map((i) =>
  layerAt(i).registerForwardHook((_module, _inputs, output) => {
    outputs.set(i, output as torch.Tensor);
  }),
);
torch.noGrad(() => vgg.forward(x));
for (const hook of hooks) hook.remove();

for (const [i, output] of outputs) {
  const path = join(folder, `layer-${i}.png`);
  const title = `Layer ${i}: ${layerAt(i).constructor.name} [${output.shape.join(", ")}]`;
  await plot.featureMaps(output, { title, limit: 32, cols: 8 }).save(path);
  console.log(path, output.shape);
}
await plot
  .filters(vgg.features.at(0) as torch.nn.Conv2d, { cols: 16, title: "Filters of the first layer" })
  .save(join(folder, "filters.png"));
