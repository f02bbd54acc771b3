/** Balls, cubes and shells in volumes of voxels: Conv3d. */
import * as torch from "candlewick";

const { nn, optim, data } = torch;
const F = nn.functional;

const NAMES = ["ball", "cube", "shell"];
const SIDE = 16;

/** A noisy volume [1, SIDE, SIDE, SIDE] with one body in it. */
function makeVolume(kind: number): torch.Tensor {
  const [radius = 0, ...centre] = torch.rand(4).mul(3).tolist() as number[];
  const line = torch.arange(SIDE, { dtype: "float32" });
  // The distance from the centre along each axis, [SIDE, 1, 1], [1, SIDE, 1] and [1, 1, SIDE].
  const axes = centre.map((c, axis) => {
    const shape = [1, 1, 1];
    shape[axis] = SIDE;
    return line.sub(c + SIDE / 2 - 1.5).view(shape);
  });
  const [dx, dy, dz] = axes;
  if (dx === undefined || dy === undefined || dz === undefined) throw new Error("three axes");
  const r = radius + 3;
  const distance = dx.square().add(dy.square()).add(dz.square()).sqrt();
  const largest = torch.maximum(torch.maximum(dx.abs(), dy.abs()), dz.abs());
  const body = kind === 1 ? largest.le(r * 0.8) : distance.le(r);
  const whole = kind === 2 ? body.logicalAnd(distance.ge(r - 1.5)) : body;
  return whole
    .float()
    .add(torch.randn(SIDE, SIDE, SIDE).mul(0.3))
    .unsqueeze(0);
}

class VolumeNet extends nn.Module {
  conv1 = new nn.Conv3d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv3d(8, 16, 3, { stride: 2, padding: 1 });
  conv3 = new nn.Conv3d(16, 32, 3, { stride: 2, padding: 1 });
  fc = new nn.Linear(32, NAMES.length);

  forward(volume: torch.Tensor): torch.Tensor {
    let x = F.relu(this.conv1.forward(volume));
    x = F.relu(this.conv2.forward(x));
    x = F.relu(this.conv3.forward(x));
    return this.fc.forward(x.amax([2, 3, 4]));
  }
}

torch.manualSeed(0);
const sample = (n: number) => Array.from({ length: n }, (_, i) => [makeVolume(i % 3), i % 3] as [torch.Tensor, number]);
const train = new data.DataLoader(sample(240), { batchSize: 12, shuffle: true });
const test = new data.DataLoader(sample(60), { batchSize: 60 });

const model = new VolumeNet();
console.log(model);
const optimizer = new optim.Adam(model.parameters(), { lr: 5e-3 });
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 5 : 12;
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  for await (const [volumes, kinds] of train) {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(volumes), kinds);
    loss.backward();
    optimizer.step();
    sum += loss.item();
  }
  console.log(`epoch ${epoch}: loss ${(sum / train.length).toFixed(4)}`);
}

const [volumes, kinds] = await test.first();
const accuracy = torch.noGrad(() => model.forward(volumes).argmax(1).eq(kinds).float().mean().item());
console.log(`test accuracy ${accuracy.toFixed(3)} on volumes of ${volumes.shape.slice(2).join(" x ")}`);
if (accuracy < 0.8) throw new Error("the bodies were not told apart");
