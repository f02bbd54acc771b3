/**
 * Calls every public function, method and constructor with values that it does not expect. Errors are right; a crash, an abort or
 * an error that is no Error is not. Prints how many calls were made.
 */
import * as torch from "../../dist/index.js";

const disposed = torch.ones(2);
disposed.dispose();
const junk = [
  undefined,
  null,
  true,
  -1,
  2.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 50,
  -(2 ** 53),
  10n ** 30n,
  "",
  "float32",
  "x",
  {},
  [],
  [[1], [2, 3]],
  [2 ** 50, 2 ** 50],
  [-1, Number.NaN],
  () => 1,
  Symbol("s"),
  new Float32Array(3),
  new Uint32Array(1),
  new Map(),
  disposed,
  torch.ones(2, 3),
  torch.tensor([1n, 0n]),
  torch.zeros(0, 3),
  torch.tensor(true),
  torch.rand(2, 3, 4).transpose(0, 2),
  torch.ones(3, { requiresGrad: true }),
];
let seed = 1;
const random = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % n;
};
const pick = () => junk[random(junk.length)];

let calls = 0;
const skipped = /^(setNumThreads|setPrintoptions|setDefaultDtype|setGradEnabled|constructor)$/;
function attack(name, call) {
  // A Transformer of default size has 44 million parameters to draw.
  const rounds = name.endsWith(".Transformer") ? 2 : 24;
  for (let round = 0; round < rounds; round++) {
    const args = Array.from({ length: random(5) }, pick);
    calls++;
    try {
      const result = call(args);
      if (result instanceof Promise) result.catch(() => {});
    } catch (error) {
      if (!(error instanceof Error)) throw new Error(`${name} threw ${String(error)}, which is no Error`);
    }
  }
}

function functions(space, prefix, depth) {
  for (const [name, value] of Object.entries(space)) {
    if (skipped.test(name)) continue;
    const path = `${prefix}${name}`;
    if (typeof value === "function") {
      if (/^class\b/.test(Function.prototype.toString.call(value))) attack(`new ${path}`, (args) => new value(...args));
      else attack(path, (args) => value(...args));
    } else if (typeof value === "object" && value !== null && depth > 0) functions(value, `${path}.`, depth - 1);
  }
}
functions(torch, "torch.", 3);

const methods = new Set();
for (let p = torch.Tensor.prototype; p !== Object.prototype; p = Object.getPrototypeOf(p)) {
  for (const name of Object.getOwnPropertyNames(p)) methods.add(name);
}
for (const name of methods) {
  if (skipped.test(name)) continue;
  attack(`Tensor.${name}`, (args) => {
    const x = [torch.ones(2, 3), torch.arange(4), torch.zeros(0), torch.tensor(1.5), torch.rand(2, 2).T][random(5)];
    return typeof x[name] === "function" ? x[name](...args) : x[name];
  });
}
await new Promise((done) => setTimeout(done, 50));
console.log(`${calls} calls`);
