import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const leaf = (values: number[]) => torch.tensor(values, { requiresGrad: true });

describe("backward", () => {
  test("accumulates in leaves; a non-leaf has none unless asked", () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    const z = y.pow(2).sum();
    z.backward();
    expect(x.grad?.tolist()).toEqual([18, 36]);
    expect(x.grad).toBe(x.grad);
    expect(y.grad).toBeNull();
    x.mul(1).sum().backward();
    expect(x.grad?.tolist()).toEqual([19, 37]);
    const kept = x.mul(2);
    kept.retainGrad();
    kept.sum().backward();
    expect(kept.grad?.tolist()).toEqual([1, 1]);
    expect(kept.retainsGrad).toBe(true);
  });

  test("with a gradient, several roots, chosen inputs", () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.mul(b).backward(torch.tensor([1, 10]));
    expect(a.grad?.tolist()).toEqual([3, 40]);
    torch.autograd.backward([a.sum(), b.sum()]);
    expect(a.grad?.tolist()).toEqual([4, 41]);
    const c = leaf([5, 6]);
    c.mul(b)
      .sum()
      .backward({ inputs: [c] });
    expect(b.grad?.tolist()).toEqual([2, 21]);
    expect(c.grad?.tolist()).toEqual([3, 4]);
  });

  test("errors are PyTorch's", () => {
    const x = leaf([1, 2]);
    expect(() => x.mul(2).backward()).toThrow("grad can be implicitly created only for scalar outputs");
    expect(() => torch.ones(1).backward()).toThrow(
      "element 0 of tensors does not require grad and does not have a grad_fn",
    );
    const y = x.mul(2).sum();
    y.backward();
    expect(() => x.exp().sum().backward()).not.toThrow();
    const z = x.exp().sum();
    z.backward();
    expect(() => z.backward()).toThrow("Trying to backward through the graph a second time");
    const w = x.exp();
    w.add_(1);
    expect(() => w.sum().backward()).toThrow(
      "one of the variables needed for gradient computation has been modified by an inplace operation",
    );
    expect(() => x.add_(1)).toThrow("a leaf Variable that requires grad is being used in an in-place operation.");
    expect(() => torch.tensor([1n]).requiresGrad_()).toThrow("Tensors of floating point");
  });

  test("gradFn prints as PyTorch's", () => {
    const y = leaf([1]).add(1);
    expect(inspect(y.gradFn)).toBe("<AddBackward0>");
    expect(y.gradFn?.nextFunctions.length).toBe(1);
    expect(leaf([1]).gradFn).toBeNull();
    expect(String(y)).toBe("tensor([2.], grad_fn=<AddBackward0>)");
  });
});

describe("grad", () => {
  test("leaves .grad alone, gives second derivatives, unused inputs", () => {
    const x = leaf([2]);
    const [first] = torch.autograd.grad(x.pow(3).sum(), x, { createGraph: true });
    expect(first?.tolist()).toEqual([12]);
    const [second] = torch.autograd.grad(first?.sum() ?? x, x);
    expect(second?.tolist()).toEqual([12]);
    expect(x.grad).toBeNull();
    const unused = leaf([1, 1]);
    expect(() => torch.autograd.grad(x.sum(), [x, unused])).toThrow("appears to not have been used in the graph");
    expect(torch.autograd.grad(x.sum(), [x, unused], { allowUnused: true })[1]).toBeNull();
    expect(torch.autograd.grad(x.sum(), [unused], { materializeGrads: true })[0]?.tolist()).toEqual([0, 0]);
  });

  test("gradcheck and gradgradcheck", () => {
    const x = torch.rand(2, 3, { dtype: "float64", requiresGrad: true });
    const w = torch.rand(3, 2, { dtype: "float64", requiresGrad: true });
    expect(torch.autograd.gradcheck((a, b) => a.matmul(b).tanh(), [x, w])).toBe(true);
    expect(torch.autograd.gradgradcheck((a, b) => a.matmul(b).tanh(), [x, w])).toBe(true);
    const wrong = (a: torch.Tensor) => a.detach().mul(2).add(a);
    expect(torch.autograd.gradcheck(wrong, x, { raiseException: false })).toBe(false);
    expect(() => torch.autograd.gradcheck(wrong, x)).toThrow("Jacobian mismatch");
    expect(() => torch.autograd.gradcheck((a) => a, torch.ones(1, { requiresGrad: true }))).toThrow("float64");
  });
});

describe("hooks", () => {
  test("on leaves and non-leaves, replacing and removed", () => {
    const x = leaf([1, 2]);
    const seen: unknown[] = [];
    const first = x.registerHook((g) => {
      seen.push(["x", g.tolist()]);
    });
    const y = x.mul(2);
    y.registerHook((g) => {
      seen.push(["y", g.tolist()]);
      return g.mul(10);
    });
    y.sum().backward();
    expect(seen).toEqual([
      ["y", [1, 1]],
      ["x", [20, 20]],
    ]);
    expect(x.grad?.tolist()).toEqual([20, 20]);
    first.remove();
    x.mul(1).sum().backward();
    expect(seen.length).toBe(2);
  });

  test("live as long as the graph, even when their tensor's variable is gone", async () => {
    const x = leaf([1]);
    let calls = 0;
    const z = (() => {
      const y = x.mul(2);
      y.registerHook(() => {
        calls++;
      });
      return y.mul(3).sum();
    })();
    for (let i = 0; i < 20; i++) {
      torch.zeros(1024, 1024);
      await new Promise((resolve) => setImmediate(resolve));
    }
    z.backward();
    expect(calls).toBe(1);
  });

  test("errors inside pass through", () => {
    const x = leaf([1]);
    x.registerHook(() => {
      throw new RangeError("mine");
    });
    expect(() => x.mul(2).sum().backward()).toThrow("mine");
  });
});

describe("gradient modes", () => {
  test("noGrad, enableGrad, inferenceMode, setGradEnabled, using", () => {
    const x = leaf([1]);
    expect(torch.noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(torch.noGrad(() => torch.enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
    expect(torch.inferenceMode(() => [torch.isInferenceModeEnabled(), torch.isGradEnabled()])).toEqual([true, false]);
    expect(torch.isGradEnabled()).toBe(true);
    {
      using _ = torch.noGrad();
      expect(torch.isGradEnabled()).toBe(false);
      {
        using __ = torch.enableGrad();
        expect(torch.isGradEnabled()).toBe(true);
      }
      expect(torch.isGradEnabled()).toBe(false);
    }
    expect(torch.isGradEnabled()).toBe(true);
    torch.setGradEnabled(false);
    expect(x.mul(2).requiresGrad).toBe(false);
    torch.setGradEnabled(true);
    expect(() =>
      torch.noGrad(() => {
        throw new Error("out");
      }),
    ).toThrow("out");
    expect(torch.isGradEnabled()).toBe(true);
  });

  test("asynchronous scopes overlap with training beside them", async () => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 1 + Math.random() * 3));
    const x = leaf([1]);
    const infer = () =>
      torch.noGrad(async () => {
        for (let i = 0; i < 10; i++) {
          expect(x.mul(2).requiresGrad).toBe(false);
          await pause();
          expect(torch.isGradEnabled()).toBe(false);
        }
        return 7;
      });
    const train = async () => {
      for (let i = 0; i < 10; i++) {
        expect(x.mul(2).requiresGrad).toBe(true);
        x.mul(2).sum().backward();
        await pause();
      }
    };
    const fails = torch.noGrad(async () => {
      await pause();
      throw new Error("request failed");
    });
    const all = await Promise.allSettled([infer(), train(), infer(), train(), fails]);
    expect(all.map((r) => r.status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "fulfilled", "rejected"]);
    expect(torch.isGradEnabled()).toBe(true);
    expect(x.grad?.tolist()).toEqual([40]);
  });
});
