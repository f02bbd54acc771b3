/**
 * One network three times: as Sequential, as subclass, in functional style. It tells two classes of 32x32 colour images
 * apart; the images are made here, "birds" with a bright blob in the upper half and "planes" with one in the lower.
 */
import * as torch from "candlewick";

const { nn, optim, data } = torch;
const F = nn.functional;

// ---- the same network in three styles

const sequential = () =>
  new nn.Sequential(
    ...[new nn.Conv2d(3, 16, 3, { padding: 1 }), new nn.Tanh(), new nn.MaxPool2d(2)],
    ...[new nn.Conv2d(16, 8, 3, { padding: 1 }), new nn.Tanh(), new nn.MaxPool2d(2)],
    ...[new nn.Flatten(), new nn.Linear(512, 32), new nn.Tanh(), new nn.Linear(32, 2)],
  );

class Net extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, 3, { padding: 1 });
  act1 = new nn.Tanh();
  pool1 = new nn.MaxPool2d(2);
  conv2 = new nn.Conv2d(16, 8, 3, { padding: 1 });
  act2 = new nn.Tanh();
  pool2 = new nn.MaxPool2d(2);
  fc1 = new nn.Linear(512, 32);
  act3 = new nn.Tanh();
  fc2 = new nn.Linear(32, 2);

  forward(x: torch.Tensor): torch.Tensor {
    let out = this.pool1.forward(this.act1.forward(this.conv1.forward(x)));
    out = this.pool2.forward(this.act2.forward(this.conv2.forward(out)));
    out = out.view(-1, 512);
    return this.fc2.forward(this.act3.forward(this.fc1.forward(out)));
  }
}

class FunctionalNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 8, 3, { padding: 1 });
  fc1 = new nn.Linear(512, 32);
  fc2 = new nn.Linear(32, 2);

  forward(x: torch.Tensor): torch.Tensor {
    let out = F.maxPool2d(torch.tanh(this.conv1.forward(x)), 2);
    out = F.maxPool2d(torch.tanh(this.conv2.forward(out)), 2);
    return this.fc2.forward(torch.tanh(this.fc1.forward(out.view(-1, 512))));
  }
}

// ---- images

function makeImages(count: number): [torch.Tensor, torch.Tensor] {
  const images = torch.rand(count, 3, 32, 32).mul_(0.5);
  const labels = torch.randint(0, 2, [count]);
  for (let i = 0; i < count; i++) {
    const top = labels.index(i).item() === 0 ? 4 : 18;
    const left = torch.randint(0, 22, [1]).item();
    images.index(i, torch.slice(), torch.slice(top, top + 10), torch.slice(left, left + 10)).add_(0.5);
  }
  return [images, labels];
}

// ---- training and validation

type Loader = AsyncIterable<[torch.Tensor, torch.Tensor]> & { readonly length: number };

async function trainingLoop(epochs: number, model: torch.nn.Layer, loader: Loader): Promise<void> {
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-2 });
  const lossFn = new nn.CrossEntropyLoss();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let lossTrain = 0;
    for await (const [images, labels] of loader) {
      const loss = lossFn.forward(model.forward(images), labels);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      lossTrain += loss.item();
    }
    if (epoch === 1 || epoch % 5 === 0) console.log(`epoch ${epoch}, training loss ${lossTrain / loader.length}`);
  }
}

async function validate(model: torch.nn.Layer, loaders: Record<string, Loader>): Promise<Record<string, number>> {
  const accuracies: Record<string, number> = {};
  for (const [name, loader] of Object.entries(loaders)) {
    let [correct, total] = [0, 0];
    await torch.noGrad(async () => {
      for await (const [images, labels] of loader) {
        const { indices } = model.forward(images).max(1);
        total += labels.size(0);
        correct += indices.eq(labels).sum().item();
      }
    });
    accuracies[name] = correct / total;
    console.log(`accuracy ${name}: ${(correct / total).toFixed(2)}`);
  }
  return accuracies;
}

torch.manualSeed(0);
const short = process.env.CANDLEWICK_SHORT === "1";
const epochs = short ? 4 : 20;
const train = new data.TensorDataset(...makeImages(short ? 256 : 1024));
const val = new data.TensorDataset(...makeImages(256));
const loaders = {
  train: new data.DataLoader(train, { batchSize: 64, shuffle: true }),
  val: new data.DataLoader(val, { batchSize: 64 }),
};

for (const [style, make] of Object.entries({
  sequential,
  subclass: () => new Net(),
  functional: () => new FunctionalNet(),
})) {
  torch.manualSeed(123);
  const model: torch.nn.Layer = make();
  const numbers = model.parameters().map((p) => p.numel());
  console.log(`${style}: ${numbers.reduce((a, b) => a + b)} parameters`, numbers);
  await trainingLoop(epochs, model, loaders.train);
  await validate(model, loaders);
}

// A forgotten view: the error says what does not fit, and where.
class Wrong extends FunctionalNet {
  override forward(x: torch.Tensor): torch.Tensor {
    const out = F.maxPool2d(torch.tanh(this.conv1.forward(x)), 2);
    return this.fc1.forward(F.maxPool2d(torch.tanh(this.conv2.forward(out)), 8).view(-1, 8));
  }
}
try {
  new Wrong().forward(torch.rand(16, 3, 32, 32));
} catch (error) {
  if (!(error instanceof torch.ShapeError)) throw error;
  console.log(`${error.name}: ${error.message} (in ${error.modulePath})`);
}
