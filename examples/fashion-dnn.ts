/** A network of fully connected layers on images of clothes: Linear, Dropout and view. */
import * as torch from "candlewick";

const { nn, optim, data, vision } = torch;
const F = nn.functional;

class FashionDNN extends nn.Module {
  fc1 = new nn.Linear(784, 256);
  fc2 = new nn.Linear(256, 128);
  fc3 = new nn.Linear(128, 10);
  drop = new nn.Dropout(0.25);

  forward(input: torch.Tensor): torch.Tensor {
    let x = input.view(-1, 784);
    x = F.relu(this.fc1.forward(x));
    x = this.drop.forward(x);
    x = F.relu(this.fc2.forward(x));
    return this.fc3.forward(x);
  }
}

torch.manualSeed(0);
const train = new vision.datasets.FashionMNISTSample({ train: true });
const test = new vision.datasets.FashionMNISTSample({ train: false });
const trainLoader = new data.DataLoader(train, { batchSize: 100, shuffle: true });
const testLoader = new data.DataLoader(test, { batchSize: 180 });

const model = new FashionDNN();
const error = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
console.log(model);

const [images, labels] = await trainLoader.first();
console.log("a batch:", images.shape, labels.shape, "flattened:", images.view(-1, 784).shape);

const epochs = process.env.CANDLEWICK_SHORT === "1" ? 3 : 20;
for (let epoch = 1; epoch <= epochs; epoch++) {
  model.train();
  let last = 0;
  for await (const [x, y] of trainLoader) {
    const loss = error.forward(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    last = loss.item();
  }
  model.eval();
  const [x, y] = await testLoader.first();
  const predicted = torch.noGrad(() => model.forward(x).max(1).indices);
  const correct = predicted.eq(y).sum().item();
  console.log(`epoch ${epoch}: loss ${last.toFixed(4)}, test accuracy ${(correct / test.length).toFixed(3)}`);
}

// How well each class is known.
const [x, y] = await testLoader.first();
const predicted = torch.noGrad(() => model.forward(x).argmax(1));
for (const [i, name] of vision.datasets.FashionMNIST.classes.entries()) {
  const rows = y.eq(i);
  const right = predicted.index(rows).eq(i).float().mean().item();
  console.log(`${name.padEnd(12)} ${(100 * right).toFixed(0)} %`);
}
