import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { decode, fixture, type JsonValue } from "../../helpers/fixtures.js";

const { optim } = torch;
const { lrScheduler, swaUtils } = optim;

/** [name, arguments, options]; `{ fn }` is one of FUNCTIONS, `{ part }` another scheduler. */
type Spec = [name: string, args: unknown[], options: Record<string, unknown>];

interface SchedulerCase {
  scheduler: string;
  args: unknown[];
  options: Record<string, unknown>;
  adam: boolean;
  lrs: number[][];
  momenta?: number[][];
  state: Record<string, JsonValue>;
}

const FUNCTIONS: Record<string, (x: number) => number> = {
  "0.9^e": (epoch) => 0.9 ** epoch,
  "1/(e+1)": (epoch) => 1 / (epoch + 1),
  "0.95": () => 0.95,
  half: () => 0.5,
};
const metric = (epoch: number) => Math.max(1, 3 - 0.2 * epoch) + 0.01 * (epoch % 3);

function fill(value: unknown, optimizer: torch.optim.Optimizer): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, optimizer));
  if (typeof value !== "object" || value === null) return value;
  if ("fn" in value) return FUNCTIONS[String(value.fn)];
  return "part" in value ? build(value.part as Spec, optimizer) : value;
}

function build([name, args, options]: Spec, optimizer: torch.optim.Optimizer): torch.optim.lrScheduler.LRScheduler {
  const Class = Reflect.get(name in lrScheduler ? lrScheduler : swaUtils, name);
  const filled = args.map((arg) => fill(arg, optimizer));
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, fill(value, optimizer)]));
  const last = Object.keys(named).length > 0 ? [named] : [];
  return Reflect.construct(Class, [...(name === "ChainedScheduler" ? [] : [optimizer]), ...filled, ...last]);
}

function make(c: SchedulerCase) {
  const groups = () => {
    const [p, q] = [torch.zeros(1, { requiresGrad: true }), torch.zeros(1, { requiresGrad: true })];
    return [{ params: [p] }, { params: [q], lr: 0.3 }];
  };
  const optimizer = c.adam ? new optim.Adam(groups(), { lr: 0.1 }) : new optim.SGD(groups(), { lr: 0.1 });
  return { optimizer, scheduler: build([c.scheduler, c.args, c.options], optimizer) };
}

function step({ optimizer, scheduler }: ReturnType<typeof make>, epoch: number): void {
  optimizer.step();
  if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(metric(epoch));
  else scheduler.step();
}

/** Cosines may differ in the last bit from one C library to another. */
function close(got: unknown, want: unknown, path = ""): void {
  if (typeof want === "number" && typeof got === "number") {
    if (Math.abs(got - want) > 1e-12 * Math.max(1, Math.abs(want))) expect.fail(`${path}: ${got}, expected ${want}`);
  } else if (typeof want === "object" && want !== null && typeof got === "object" && got !== null) {
    expect(Object.keys(got).sort(), path).toEqual(Object.keys(want).sort());
    for (const key of Object.keys(want)) close(Reflect.get(got, key), Reflect.get(want, key), `${path}.${key}`);
  } else expect(got, path).toEqual(want);
}

const text = (value: unknown) => JSON.stringify(value).replaceAll('"', "");
for (const c of fixture<SchedulerCase[]>("schedulers.json")) {
  const name = `${c.scheduler}(${c.args.map(text).join(", ")}) ${text(c.options)}${c.adam ? " of Adam" : ""}`;
  test(`${name} gives PyTorch's rates`, () => {
    const both = make(c);
    c.lrs.forEach((want, epoch) => {
      if (epoch > 0) step(both, epoch - 1);
      close(both.scheduler.getLastLr(), want, `epoch ${epoch}`);
      close(
        both.optimizer.paramGroups.map((group) => group.lr),
        want,
      );
      if (c.momenta === undefined) return;
      const momenta = both.optimizer.paramGroups.map((g) => ("betas" in g ? g.betas[0] : g.momentum));
      close(momenta, c.momenta[epoch], `momentum ${epoch}`);
    });
    close(both.scheduler.stateDict(), decode(c.state));
  });

  test(`${name} resumes from its state dict`, () => {
    const [first, second] = [make(c), make(c)];
    for (let epoch = 0; epoch < 7; epoch++) step(first, epoch);
    second.scheduler.loadStateDict(first.scheduler.stateDict());
    second.optimizer.loadStateDict(torch.deepcopy(first.optimizer.stateDict()));
    for (let epoch = 7; epoch < 12; epoch++) {
      step(first, epoch);
      step(second, epoch);
      expect(second.scheduler.getLastLr()).toEqual(first.scheduler.getLastLr());
    }
  });
}

const sgd = () => new optim.SGD([torch.zeros(1, { requiresGrad: true })], { lr: 1 });

describe("closed forms give the rate of any epoch", () => {
  test.each([
    [(o: torch.optim.Optimizer) => new lrScheduler.StepLR(o, 3, 0.5), 0.25],
    [(o: torch.optim.Optimizer) => new lrScheduler.MultiStepLR(o, [2, 4, 20], 0.5), 0.25],
    [(o: torch.optim.Optimizer) => new lrScheduler.ConstantLR(o, 0.5, 7), 1],
    [(o: torch.optim.Optimizer) => new lrScheduler.LinearLR(o, 0.2, 1, 16), 0.55],
    [(o: torch.optim.Optimizer) => new lrScheduler.ExponentialLR(o, 0.5), 0.5 ** 7],
    [(o: torch.optim.Optimizer) => new lrScheduler.PolynomialLR(o, 14, 2), 0.25],
    [(o: torch.optim.Optimizer) => new lrScheduler.CosineAnnealingLR(o, 14), 0.5],
    [
      (o: torch.optim.Optimizer) => new lrScheduler.CosineAnnealingWarmRestarts(o, 5),
      (1 + Math.cos(0.4 * Math.PI)) / 2,
    ],
  ])("%s", (of, want) => {
    const scheduler = of(sgd());
    scheduler.step(7);
    expect(scheduler.getLastLr()[0]).toBeCloseTo(want, 12);
  });
});

test("schedulers refuse what PyTorch refuses", () => {
  const optimizer = sgd();
  const refuses = (of: () => unknown, message: string) => expect(of).toThrow(message);
  refuses(() => new lrScheduler.LambdaLR(optimizer, [() => 1, () => 1]), "Expected 1 lr_lambdas, but got 2");
  refuses(
    () => new lrScheduler.ConstantLR(optimizer, 2),
    "Constant multiplicative factor expected to be between 0 and 1.",
  );
  refuses(() => new lrScheduler.LinearLR(optimizer, 0), "Starting multiplicative factor expected to be greater than 0");
  refuses(() => new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 0), "Expected positive integer T_0, but got 0");
  refuses(
    () => new lrScheduler.OneCycleLR(optimizer, 1),
    "You must define either total_steps OR (epochs AND steps_per_epoch)",
  );
  refuses(() => new lrScheduler.ReduceLROnPlateau(optimizer, { factor: 1 }), "Factor should be < 1.0.");
  refuses(
    () => new lrScheduler.ReduceLROnPlateau(optimizer).step(),
    "missing 1 required positional argument: 'metrics'",
  );
  refuses(
    () => new lrScheduler.CyclicLR(optimizer, [0.1, 0.2], 1),
    "base_lr must have the same length as optimizer.param_groups",
  );
  refuses(() => new lrScheduler.ChainedScheduler([]), "ChainedScheduler expects at least one scheduler to be chained");
  refuses(
    () => new lrScheduler.StepLR(optimizer, 1, 0.1, 3).step(),
    "param 'initial_lr' is not specified in param_groups[0]",
  );
  const parts = [new lrScheduler.ReduceLROnPlateau(optimizer)];
  refuses(
    () => new lrScheduler.SequentialLR(optimizer, parts, []),
    "SequentialLR does not support `ReduceLROnPlateau`",
  );
  const adagrad = new optim.Adagrad([torch.zeros(1, { requiresGrad: true })]);
  refuses(() => new lrScheduler.CyclicLR(adagrad, 0.1, 1), "optimizer must support momentum or beta1");
  const one = new lrScheduler.OneCycleLR(optimizer, 1, 2);
  for (let i = 0; i < 2; i++) one.step();
  refuses(() => one.step(), "Tried to step 3 times. The specified number of total steps is 2");
});
