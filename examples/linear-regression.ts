/** A straight line through noisy points: by gradient descent with a model, a loss and an optimizer, and in closed form. */
import * as torch from "candlewick";

const { nn, optim, data } = torch;

// y = 3 x1 - 2 x2 + 0.5 and noise.
torch.manualSeed(0);
const x = torch.randn(200, 2);
const truth = torch.tensor([[3], [-2]]);
const y = x.matmul(truth.float()).add(0.5).add(torch.randn(200, 1).mul(0.1));

const model = new nn.Linear(2, 1);
const criterion = new nn.MSELoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.5 });
const scheduler = new optim.lrScheduler.StepLR(optimizer, 5, { gamma: 0.3 });
const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 20, shuffle: true });

const epochs = process.env.CANDLEWICK_SHORT === "1" ? 10 : 20;
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  for await (const [inputs, targets] of loader) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(inputs), targets);
    loss.backward();
    optimizer.step();
    sum += loss.item();
  }
  scheduler.step();
  console.log(`epoch ${epoch}: loss ${(sum / loader.length).toFixed(4)}, learning rate ${scheduler.getLastLr()}`);
}
console.log("learned:", model.weight.detach(), model.bias?.detach());

// The least squares: w = (X'X)^-1 X'y, here with X of two columns and the means taken out, so the inverse is by hand.
const centred = x.sub(x.mean(0));
const products = centred.t().matmul(centred).tolist() as number[][];
const moments = centred
  .t()
  .matmul(y.sub(y.mean(0)))
  .flatten()
  .tolist() as number[];
const [[a = 0, b = 0] = [], [, d = 0] = []] = products;
const [p = 0, q = 0] = moments;
const exact = [(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)];
console.log("least squares:", exact);

const learned = model.weight.detach().flatten().toTypedArray("float32");
exact.forEach((w, i) => {
  const distance = Math.abs(w - (learned[i] ?? 0));
  if (!(distance < 0.02)) throw new Error(`weight ${i} is ${learned[i]}, least squares gives ${w}`);
});
