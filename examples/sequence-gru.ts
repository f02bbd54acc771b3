/** The sum of two marked numbers in a sequence, which a GRU learns to remember.   [Cho et al. 2014; the task: Hochreiter & Schmidhuber 1997] */
import * as torch from "candlewick";

const { nn, optim } = torch;

const LENGTH = 12;

/** Sequences [n, LENGTH, 2] of numbers and marks, two of them 1, and the sums [n, 1] of the marked numbers. */
function problems(n: number): [torch.Tensor, torch.Tensor] {
  const numbers = torch.rand(n, LENGTH);
  const half = LENGTH / 2;
  // One mark in each half.
  const time = torch.arange(LENGTH);
  const first = time.eq(torch.randint(0, half, [n, 1]));
  const second = time.eq(torch.randint(half, LENGTH, [n, 1]));
  const marks = first.logicalOr(second).float();
  return [torch.stack([numbers, marks], -1), numbers.mul(marks).sum(1, true)];
}

class Adder extends nn.Module {
  gru = new nn.GRU(2, 32, { batchFirst: true });
  out = new nn.Linear(32, 1);

  forward(x: torch.Tensor): torch.Tensor {
    const [, last] = this.gru.forward(x);
    // The state after the last step, [layers, n, 32].
    return this.out.forward(last.select(0, -1));
  }
}

torch.manualSeed(0);
const model = new Adder();
console.log(model);
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
const steps = 400;
const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, steps);
for (let step = 1; step <= steps; step++) {
  const [x, y] = problems(64);
  optimizer.zeroGrad();
  const loss = nn.functional.mseLoss(model.forward(x), y);
  loss.backward();
  nn.utils.clipGradNorm_(model.parameters(), 1);
  optimizer.step();
  scheduler.step();
  if (step % (steps / 5) === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
}

const [x, y] = problems(500);
const error = torch.noGrad(() => nn.functional.mseLoss(model.forward(x), y).item());
// Who does not look always says 1, and is wrong by the variance of the sum of two uniform numbers, 1/6.
console.log(`error ${error.toFixed(4)}; without looking ${(1 / 6).toFixed(4)}`);
if (error > 0.08) throw new Error("the marked numbers were not remembered");
