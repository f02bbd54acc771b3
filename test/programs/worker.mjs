/** Trains a small CNN in a worker thread and posts its losses. */
import { parentPort } from "node:worker_threads";
import * as torch from "../../dist/index.js";

const { nn, optim } = torch;
torch.manualSeed(0);
const model = new nn.Sequential(
  new nn.Conv2d(1, 4, 3),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(4 * 13 * 13, 10),
);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05 });
const criterion = new nn.CrossEntropyLoss();
const [x, y] = [torch.rand(32, 1, 28, 28), torch.randint(0, 10, [32])];
const losses = [];
for (let i = 0; i < 30; i++) {
  optimizer.zeroGrad();
  const loss = criterion.forward(model.forward(x), y);
  loss.backward();
  optimizer.step();
  losses.push(loss.item());
}
parentPort.postMessage(losses);
