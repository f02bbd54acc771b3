/** A critic whose slope is kept at 1 by a penalty on its gradient, so a gradient is differentiated.   [Gulrajani et al. 2017] */
import * as torch from "candlewick";

const { nn, optim } = torch;

torch.manualSeed(0);
const critic = new nn.Sequential(
  new nn.Linear(2, 32),
  new nn.Tanh(),
  new nn.Linear(32, 32),
  new nn.Tanh(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.Adam(critic.parameters(), { lr: 5e-3, betas: [0.5, 0.9] });

/** Real points lie on a circle of radius 2, false ones around the middle. */
function real(n: number): torch.Tensor {
  const angle = torch.rand(n, 1).mul(2 * Math.PI);
  return torch.cat([angle.cos(), angle.sin()], 1).mul(2);
}
const made = (n: number) => torch.randn(n, 2).mul(0.3);

/** (|d critic / d x| - 1)^2 at points between real and false ones. */
function penalty(x: torch.Tensor, z: torch.Tensor): [torch.Tensor, number] {
  const part = torch.rand(x.size(0), 1);
  const between = x
    .mul(part)
    .add(z.mul(part.neg().add(1)))
    .requiresGrad_();
  const [slope] = torch.autograd.grad(critic.forward(between).sum(), between, { createGraph: true });
  if (slope === undefined || slope === null) throw new Error("no gradient");
  const norm = slope.square().sum(1).sqrt();
  return [norm.sub(1).square().mean(), norm.mean().item()];
}

const steps = process.env.CANDLEWICK_SHORT === "1" ? 400 : 1000;
let slope = 0;
let distance = 0;
for (let step = 1; step <= steps; step++) {
  const [x, z] = [real(64), made(64)];
  optimizer.zeroGrad();
  const difference = critic.forward(z).mean().sub(critic.forward(x).mean());
  const [cost, norm] = penalty(x, z);
  // The penalty holds the critic's gradient: its own gradient needs the second derivative.
  difference.add(cost.mul(10)).backward();
  optimizer.step();
  slope = norm;
  distance = -difference.item();
  if (step % (steps / 5) === 0) {
    console.log(
      `step ${step}: distance ${distance.toFixed(3)}, slope ${slope.toFixed(3)}, penalty ${cost.item().toFixed(4)}`,
    );
  }
}

// With slope 1 the difference of the means is the distance that points have to be moved: about 2 - 0.4.
console.log(`the two sets are ${distance.toFixed(2)} apart`);
if (Math.abs(slope - 1) > 0.2) throw new Error(`the slope is ${slope}`);
if (!(distance > 1.2 && distance < 2)) throw new Error(`the distance is ${distance}`);
