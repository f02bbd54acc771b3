/**
 * Holds candlewick to its promise that memory stays flat without dispose(): a synchronous loop of one-megabyte tensors, the
 * same with hooks that capture their own tensors, and training. Prints the largest resident memory of each; fails above 500 MB.
 * `node test/programs/soak.mjs [TENSORS] [STEPS]`; the compiled package must stand in dist/.
 */
import * as torch from "../../dist/index.js";

const { nn, optim } = torch;
const [tensors, steps] = process.argv.slice(2).map(Number);
const LIMIT = 500;
let failed = false;

function watch(name, times, body) {
  const start = performance.now();
  let top = 0;
  for (let i = 0; i < times; i++) {
    body(i);
    if (i % 16 === 0) top = Math.max(top, process.memoryUsage.rss() / 1e6);
  }
  failed ||= top > LIMIT;
  const ms = ((performance.now() - start) / times).toFixed(3);
  console.log(
    `${process.version} ${name}: ${times} times, ${ms} ms each, peak ${top.toFixed(0)} MB${top > LIMIT ? " - TOO MUCH" : ""}`,
  );
}

const x = torch.rand(250_000);
watch("1 MB tensors", tensors, () => x.add(x));
watch("1 MB leaves with a hook that captures its own tensor", tensors / 10, () => {
  const leaf = torch.zeros(250_000, { requiresGrad: true });
  leaf.registerHook((g) => (leaf.requiresGrad ? g : leaf));
});
const base = torch.zeros(250_000, { requiresGrad: true });
watch("1 MB results with a hook that captures its own tensor", tensors / 10, () => {
  const y = base.mul(2);
  y.registerHook((g) => (y.requiresGrad ? g : y));
});

const model = new nn.Sequential(
  new nn.Conv2d(1, 32, 3, { padding: 1 }),
  new nn.BatchNorm2d(32),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Dropout(0.25),
  new nn.Linear(32 * 14 * 14, 10),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const criterion = new nn.CrossEntropyLoss();
watch("training steps of a CNN, with a hook that captures its own tensor", steps, () => {
  const out = model.forward(torch.rand(64, 1, 28, 28));
  out.registerHook((g) => (out.requiresGrad ? g : out));
  optimizer.zeroGrad();
  criterion.forward(out, torch.randint(0, 10, [64])).backward();
  optimizer.step();
});
process.exit(failed ? 1 : 0);
