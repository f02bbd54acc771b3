/** What fuzz.mjs calls, and the arguments that it makes up. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Settings of the whole process, and what waits for the user's functions. */
const SKIPPED =
  /^(save|saveSync|dump|dumpSync|setOffline|setNumThreads|setPrintoptions|setDefaultDtype|constructor|notCloneable|registerFull\w+|registerModule\w*Hook|emptyCache|detectAnomaly|setDetectAnomaly|setGradEnabled|upgradeState|\w+Error)$/;

/** Every target: `run` makes one call with arguments of its own. */
export function targets(torch, random) {
  const { nn, optim, data, vision } = torch;
  const pick = (list) => list[random(list.length)];
  const times = (n, f) => Array.from({ length: n }, f);

  const disposed = torch.ones(2);
  disposed.dispose();
  const tensors = [
    () => torch.rand(2, 3),
    () => torch.rand(4),
    () => torch.rand(2, 3, 4),
    () => torch.rand(1, 2, 5, 5),
    () => torch.tensor(1.5),
    () => torch.zeros(0),
    () => torch.zeros(0, 3),
    () => torch.arange(4),
    () => torch.randint(0, 3, [2, 3]),
    () => torch.tensor([true, false, true]),
    () => torch.rand(3, 2).t(),
    () => torch.ones(3, { requiresGrad: true }),
    () => torch.rand(2, 3).half(),
    () => torch.ones(2, 2, { dtype: "int8" }),
    () => torch.rand(2, 3, { dtype: "float64" }),
    () => torch.rand(1).expand(3),
    () => disposed,
  ];
  const numbers = [0, 1, 2, 3, -1, -2, 0.5, -1.5, 7, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 50, -(2 ** 53), 1e-300];
  const shapes = [[2, 3], [1], [], [0, 2], [-1], [3, 2], [2, -1], [1.5], [2 ** 50, 2 ** 50], [1, 1, 1]];
  const junk = [
    ...[undefined, null, true, false, "", "0", "3", "float32", "mean", "cpu", "cuda", "x", 10n, 10n ** 30n],
    ...[
      {},
      [],
      [[1], [2, 3]],
      ["a"],
      () => 1,
      () => torch.ones(2),
      Symbol("s"),
      new Float32Array(3),
      new Uint32Array(1),
    ],
    ...[new Map(), new Set([1]), new Date(0), /x/, Promise.resolve(1), Object.create(null), NaN],
  ];
  const names = [
    ...["dim", "keepdim", "dtype", "p", "size", "input", "other", "stride", "padding", "kernelSize", "lr", "momentum"],
    ...[
      "reduction",
      "bias",
      "generator",
      "device",
      "batchSize",
      "shuffle",
      "numWorkers",
      "requiresGrad",
      "requires_grad",
    ],
  ];
  function value(depth = 0) {
    switch (random(depth > 1 ? 4 : 7)) {
      case 0:
      case 1:
        return pick(tensors)();
      case 2:
        return pick(numbers);
      case 3:
        return pick(junk);
      case 4:
        return pick(shapes);
      case 5:
        return times(random(4), () => value(depth + 1));
      default:
        return Object.fromEntries(times(random(3), () => [pick(names), value(depth + 1)]));
    }
  }
  const args = () => times(random(5), value);

  const linear = () => new nn.Linear(3, 2);
  const optimizer = () => new optim.SGD(linear().parameters(), { lr: 0.1 });
  const objects = [
    linear,
    optimizer,
    () => new nn.Conv2d(2, 3, 3),
    () => new nn.BatchNorm2d(2),
    () => new nn.LSTM(3, 2),
    () => new nn.MultiheadAttention(4, 2),
    () => new nn.Embedding(4, 3),
    () => new nn.CrossEntropyLoss(),
    () => new nn.Dropout(),
    () => new nn.MaxPool2d(2),
    () => new nn.Sequential(linear(), new nn.ReLU()),
    () => new nn.ModuleList([linear()]),
    () => new nn.ModuleDict({ a: linear() }),
    () => new nn.ParameterList([torch.ones(2)]),
    () => new nn.ParameterDict({ a: torch.ones(2) }),
    () => new optim.Adam(linear().parameters(), { lr: 0.1 }),
    () => new optim.lrScheduler.StepLR(optimizer(), 2),
    () => new optim.lrScheduler.ReduceLROnPlateau(optimizer()),
    () => new data.DataLoader([1, 2, 3], { batchSize: 2 }),
    () => new data.TensorDataset(torch.rand(3, 2), torch.arange(3)),
    () => new data.Subset([1, 2, 3], [0, 1]),
    () => new data.RandomSampler([1, 2, 3]),
    () => new vision.datasets.FashionMNISTSample({ train: false }),
    () => new torch.Generator(),
    () => torch.device("cpu"),
    () => torch.progress([1, 2], { stream: { write() {} } }),
    () => linear().stateDict(),
    ...tensors,
  ];

  torch.hub.setOffline(true); // nothing is fetched
  const models = new Set(vision.models.listModels());
  const found = [];
  const add = (name, run) => found.push({ name, run });
  const seen = new Set();
  (function walk(space, prefix, depth) {
    for (const [name, f] of Object.entries(space)) {
      if (SKIPPED.test(name)) continue;
      const path = `${prefix}${name}`;
      if (typeof f === "function") {
        const isClass = /^class\b/.test(Function.prototype.toString.call(f)) || /^[A-Z]\w*Tensor$/.test(name);
        // 44 million parameters take their time.
        if (name === "Transformer") continue;
        if (prefix === "torch.vision.models." && (isClass || models.has(name))) continue;
        add(path, isClass ? () => new f(...args()) : () => f(...args()));
      } else if (typeof f === "object" && f !== null && depth > 0 && !seen.has(f)) {
        seen.add(f);
        walk(f, `${path}.`, depth - 1);
      }
    }
  })(torch, "torch.", 3);

  // What TypeScript hides is not public.
  const hidden = new Set();
  for (const file of readdirSync(DIST, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(DIST, file), "utf8");
    for (const [, name] of text.matchAll(/^ {4}(?:protected|private) (?:abstract |readonly |get |set )*(\w+)/gm))
      hidden.add(name);
  }

  const members = new Set();
  for (const make of objects) {
    const name = make().constructor?.name ?? "StateDict";
    for (let proto = make(); proto !== null && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
      for (const key of Object.getOwnPropertyNames(proto)) {
        const label = `${name}.${key}`;
        if (SKIPPED.test(key) || hidden.has(key) || members.has(label)) continue;
        members.add(label);
        add(label, () => {
          const x = name === "Tensor" ? pick(tensors)() : make();
          const member = x[key];
          if (typeof member === "function") return member.apply(x, args());
          const { set, writable } = Object.getOwnPropertyDescriptor(proto, key);
          if ((set !== undefined || writable) && random(2) === 0) x[key] = value();
          return member;
        });
      }
    }
  }
  return found;
}
