/** Waves in noise by their shape, sine, square or saw: Conv1d over time. */
import * as torch from "candlewick";

const { nn, optim, data } = torch;

const NAMES = ["sine", "square", "saw"];
const LENGTH = 64;

/** Noisy waves of random frequency and phase, [n, 1, LENGTH], and the number of each one's shape. */
function waves(n: number): [torch.Tensor, torch.Tensor] {
  const shape = torch.randint(0, NAMES.length, [n]);
  const frequency = torch.rand(n, 1).mul(3).add(2);
  const phase = torch.rand(n, 1);
  const time = torch.linspace(0, 1, LENGTH).unsqueeze(0);
  const cycles = time.mul(frequency).add(phase);
  const sine = cycles.mul(2 * Math.PI).sin();
  const saw = cycles.sub(cycles.floor()).mul(2).sub(1);
  const clean = torch.stack([sine, sine.sign(), saw], 1);
  const chosen = clean.gather(1, shape.view(-1, 1, 1).expand(n, 1, LENGTH));
  return [chosen.add(torch.randn(n, 1, LENGTH).mul(0.2)), shape];
}

torch.manualSeed(0);
const train = new data.TensorDataset(...waves(600));
const [testWaves, testShapes] = waves(200);

const model = new nn.Sequential(
  new nn.Conv1d(1, 16, 7, { padding: 3 }),
  new nn.ReLU(),
  new nn.Conv1d(16, 32, 5, { stride: 2, padding: 2 }),
  new nn.ReLU(),
  new nn.Conv1d(32, 32, 3, { stride: 2, dilation: 2, padding: 2 }),
  new nn.ReLU(),
  // The mean and the length of the signal do not matter.
  new nn.Flatten(2),
);
const head = new nn.Linear(32, NAMES.length);
const classify = (x: torch.Tensor) => head.forward(model.forward(x).mean(2));
console.log(model, "gives", model.forward(testWaves).shape);

const optimizer = new optim.AdamW([...model.parameters(), ...head.parameters()], { lr: 5e-3 });
const loader = new data.DataLoader(train, { batchSize: 50, shuffle: true });
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 6 : 15;
const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, 5e-3, { totalSteps: epochs * loader.length });
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  for await (const [x, y] of loader) {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(classify(x), y);
    loss.backward();
    optimizer.step();
    scheduler.step();
    sum += loss.item();
  }
  console.log(`epoch ${epoch}: loss ${(sum / loader.length).toFixed(4)}`);
}

const predicted = torch.noGrad(() => classify(testWaves).argmax(1));
for (const [i, name] of NAMES.entries()) {
  const right = predicted.index(testShapes.eq(i)).eq(i).float().mean().item();
  console.log(`${name.padEnd(8)} ${(100 * right).toFixed(0)} %`);
}
const accuracy = predicted.eq(testShapes).float().mean().item();
console.log(`test accuracy ${accuracy.toFixed(3)}`);
if (accuracy < 0.8) throw new Error("the waves were not told apart");
