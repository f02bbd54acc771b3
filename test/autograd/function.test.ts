import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { Function: Operation } = torch.autograd;
type Context = torch.autograd.FunctionContext;
type Tensor = torch.Tensor;

class Cube extends Operation {
  static override forward(ctx: Context, x: Tensor, scale: number): Tensor {
    ctx.saveForBackward(x);
    ctx.scale = scale;
    return x.pow(3).mul(scale);
  }
  static override backward(ctx: Context, grad: Tensor): (Tensor | null)[] {
    const [x] = ctx.savedTensors;
    if (x === undefined) throw new Error("nothing was saved");
    return [grad.mul(x.square()).mul(3 * Number(ctx.scale)), null];
  }
}

class Exp extends Operation {
  static override forward(ctx: Context, x: Tensor): Tensor {
    const y = x.exp();
    ctx.saveForBackward(y);
    return y;
  }
  static override backward(ctx: Context, grad: Tensor): Tensor {
    return grad.mul(ctx.savedTensors[0] ?? grad);
  }
}

const leaf = (...values: number[]): Tensor => torch.tensor(values, { dtype: "float64" }).requiresGrad_();

test("computes its own gradient, also of the gradient, and prints its name", () => {
  const x = leaf(1, -2);
  const y = Cube.apply(x, 2);
  expect(String(y.gradFn)).toBe("<CubeBackward>");
  y.sum().backward();
  expect(x.grad?.tolist()).toEqual([6, 24]);
  expect(torch.autograd.gradgradcheck((z) => Cube.apply(z, 2), x)).toBe(true);
  expect(torch.autograd.gradgradcheck((z) => Exp.apply(z), x)).toBe(true);
});

test("records nothing where nothing needs a gradient", () => {
  expect(Cube.apply(torch.ones(1), 1).requiresGrad).toBe(false);
  expect(torch.noGrad(() => Cube.apply(leaf(1), 1)).requiresGrad).toBe(false);
});

test("what was saved is freed with the graph, counted, and watched", () => {
  const before = torch.memoryStats();
  const x = leaf(1, 2).mul(1);
  const y = Cube.apply(x, 1).sum();
  const during = torch.memoryStats();
  expect(during.savedTensors - before.savedTensors).toBeGreaterThanOrEqual(1);
  expect(during.savedBytes - before.savedBytes).toBeGreaterThanOrEqual(16);
  y.backward();
  expect(torch.memoryStats().savedTensors).toBeLessThan(during.savedTensors);
  expect(() => y.backward()).toThrow("Trying to backward through the graph a second time");
  const z = leaf(1).mul(1);
  const w = Cube.apply(z, 1);
  z.add_(1);
  expect(() => w.sum().backward()).toThrow("modified by an inplace operation");
});

describe("several outputs", () => {
  const seen: unknown[] = [];
  class Split extends Operation {
    static override forward(ctx: Context, x: Tensor, materialize: boolean): [Tensor, Tensor, Tensor] {
      const order = x.detach().mul(2);
      ctx.markNonDifferentiable(order);
      ctx.setMaterializeGrads(materialize);
      return [x.mul(2), x.mul(3), order];
    }
    static override backward(_: Context, a: Tensor | null, b: Tensor | null): [Tensor, null] {
      seen.push(a === null, b === null);
      const zero = torch.zeros(1, { dtype: "float64" });
      return [(a ?? zero).mul(2).add((b ?? zero).mul(3)), null];
    }
  }

  test.each([true, false])("absent gradients are zeros or null (materialize %s)", (materialize) => {
    const x = leaf(1);
    const [a, , order] = Split.apply(x, materialize);
    expect(order.requiresGrad).toBe(false);
    seen.length = 0;
    a.backward();
    expect([x.grad?.tolist(), seen]).toEqual([[2], [false, !materialize]]);
  });
});

test("an input written in place continues its history", () => {
  class Double_ extends Operation {
    static override forward(ctx: Context, x: Tensor): Tensor {
      ctx.markDirty(x);
      return x.mul_(2);
    }
    static override backward(_: Context, grad: Tensor): Tensor {
      return grad.mul(2);
    }
  }
  const x = leaf(3);
  const y = x.mul(5);
  const z = Double_.apply(y);
  z.backward();
  expect([y.item(), x.grad?.item(), String(z.gradFn)]).toEqual([30, 10, "<Double_Backward>"]);
  expect(() => Double_.apply(x)).toThrow("a leaf Variable that requires grad");
});

test("mistakes are named", () => {
  class Wrong extends Operation {
    static override forward(_: Context, a: Tensor, b: Tensor): Tensor {
      return a.mul(b);
    }
    static override backward(_: Context, grad: Tensor): Tensor {
      return grad;
    }
  }
  expect(() => Wrong.apply(leaf(1), leaf(1)).backward()).toThrow(
    "function WrongBackward returned an incorrect number of gradients (expected 2, got 1)",
  );
  class Throws extends Cube {
    static override backward(): never {
      throw new RangeError("mine");
    }
  }
  expect(() => Throws.apply(leaf(1), 1).backward()).toThrow(RangeError);
});

test("scopes inside backward leave the pass as it was", () => {
  class Scoped extends Operation {
    static override forward(ctx: Context, x: Tensor): Tensor {
      ctx.saveForBackward(x);
      return x.square();
    }
    static override backward(ctx: Context, grad: Tensor): Tensor {
      torch.noGrad(() => torch.ones(1).mul(2));
      return grad.mul(ctx.savedTensors[0]?.mul(2) ?? grad);
    }
  }
  const run = (): unknown[] => {
    const x = leaf(3);
    Scoped.apply(Scoped.apply(x.mul(1).exp().log())).backward();
    return [x.grad?.requiresGrad, torch.isGradEnabled()];
  };
  expect(run()).toEqual([false, true]);
  expect(torch.enableGrad(run)).toEqual([false, true]);
  using _ = torch.autograd.setDetectAnomaly(true);
  expect(run()).toEqual([false, true]);
});

test("a synchronous loop with closures stays small", () => {
  const x = torch.ones(512, 512, { requiresGrad: true });
  let top = 0;
  for (let i = 0; i < 600; i++) {
    const extra = torch.ones(512, 512);
    class Captures extends Operation {
      static override forward(ctx: Context, y: Tensor): Tensor {
        const z = y.mul(extra);
        ctx.saveForBackward(y, z);
        ctx.kept = z;
        return z;
      }
      static override backward(_: Context, grad: Tensor): Tensor {
        return grad.mul(extra);
      }
    }
    const y = Captures.apply(x);
    if (i % 2 === 0) y.sum().backward();
    x.grad = null;
    if (i % 50 === 0) top = Math.max(top, process.memoryUsage().rss);
  }
  expect(top / 1024 / 1024).toBeLessThan(900);
});

test("gradcheck: fast mode, non-contiguous inputs, gradients that change", () => {
  const { gradcheck, gradgradcheck } = torch.autograd;
  const x = torch.rand([3, 2], { dtype: "float64" }).t().detach().requiresGrad_();
  expect(gradcheck((y) => y.exp().mul(y), x, { fastMode: true, checkGradDtypes: true })).toBe(true);
  expect(gradgradcheck((y) => y.pow(3), x, null, { genNonContigGradOutputs: true })).toBe(true);
  class Wrong extends Exp {
    static override backward(_: Context, grad: Tensor): Tensor {
      return grad.mul(2);
    }
  }
  for (const fastMode of [false, true]) {
    expect(gradcheck((y) => Wrong.apply(y), x, { fastMode, raiseException: false })).toBe(false);
  }
  class Random extends Exp {
    static override backward(_: Context, grad: Tensor): Tensor {
      return grad.mul(torch.rand(1, { dtype: "float64" }));
    }
  }
  expect(() => gradcheck((y) => Random.apply(y), x)).toThrow("Backward is not reentrant");
});
