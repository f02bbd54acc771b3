import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { decode, fixture, type JsonValue } from "../../helpers/fixtures.js";

const { optim } = torch;

interface SchedulerCase {
  scheduler: "StepLR" | "CosineAnnealingLR";
  args: [number];
  options: Record<string, JsonValue>;
  lrs: number[][];
  state: Record<string, unknown>;
}

function make(c: SchedulerCase) {
  const [p, q] = [torch.zeros(1, { requiresGrad: true }), torch.zeros(1, { requiresGrad: true })];
  const optimizer = new optim.SGD([{ params: [p] }, { params: [q], lr: 0.3 }], { lr: 0.1 });
  const scheduler =
    c.scheduler === "StepLR"
      ? new optim.lrScheduler.StepLR(optimizer, { stepSize: c.args[0], ...(decode(c.options) as object) })
      : new optim.lrScheduler.CosineAnnealingLR(optimizer, ...c.args, decode(c.options) as object);
  return { optimizer, scheduler };
}

for (const c of fixture<SchedulerCase[]>("schedulers.json")) {
  const name = `${c.scheduler}(${c.args}) ${JSON.stringify(c.options)}`;
  test(`${name} gives PyTorch's rates`, () => {
    const { optimizer, scheduler } = make(c);
    c.lrs.forEach((want, epoch) => {
      if (epoch > 0) {
        optimizer.step();
        scheduler.step();
      }
      const got = scheduler.getLastLr();
      // Cosines may differ in the last bit from one C library to another.
      want.forEach((lr, i) => {
        expect(Math.abs((got[i] ?? Number.NaN) - lr)).toBeLessThanOrEqual(1e-12);
      });
      expect(optimizer.paramGroups.map((group) => group.lr)).toEqual(got);
    });
    expect(scheduler.stateDict()).toEqual({ ...c.state, _last_lr: scheduler.getLastLr() });
  });

  test(`${name} resumes from its state dict`, () => {
    const first = make(c);
    const second = make(c);
    for (let epoch = 0; epoch < 3; epoch++) {
      first.optimizer.step();
      first.scheduler.step();
    }
    second.scheduler.loadStateDict(first.scheduler.stateDict());
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    first.scheduler.step();
    second.scheduler.step();
    expect(second.scheduler.getLastLr()).toEqual(first.scheduler.getLastLr());
    expect(second.optimizer.stateDict().param_groups[0]?.initial_lr).toBe(0.1);
  });
}
