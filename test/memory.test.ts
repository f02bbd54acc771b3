import { describe, expect, test } from "vitest";
import * as torch from "../lib/index.js";

const MB = 1024 * 1024;

describe("scope", () => {
  test("disposes what was made inside, except what is returned", () => {
    const inside: torch.Tensor[] = [];
    const out = torch.scope(() => {
      const a = torch.ones(3);
      const b = a.add(1);
      inside.push(a, b);
      return { sum: b.sum(), list: [b.mul(2)], n: 3 };
    });
    expect(out.sum.item()).toBe(6);
    expect(out.list[0]?.tolist()).toEqual([4, 4, 4]);
    for (const x of inside) expect(() => x.sum()).toThrow("disposed");
  });

  test("nests, and survives errors", () => {
    let kept: torch.Tensor | undefined;
    torch.scope(() => {
      kept = torch.scope(() => torch.ones(2));
      expect(kept.sum().item()).toBe(2);
    });
    expect(() => kept?.sum()).toThrow("disposed");
    let lost: torch.Tensor | undefined;
    expect(() =>
      torch.scope(() => {
        lost = torch.ones(1);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(() => lost?.sum()).toThrow("disposed");
    expect(() => torch.scope(async () => {})).toThrow("synchronous");
  });

  test("parameters, gradients, buffers and optimizer state outlive it", () => {
    const { model, optimizer } = torch.scope(() => {
      const inner = new torch.nn.BatchNorm1d(2);
      return { model: inner, optimizer: new torch.optim.Adam(inner.parameters(), { lr: 0.1 }) };
    });
    const step = () =>
      torch.scope(() => {
        optimizer.zeroGrad();
        const loss = model.forward(torch.rand(4, 2)).pow(2).sum();
        loss.backward();
        optimizer.step();
        return loss.item();
      });
    expect(step()).toBeTypeOf("number");
    expect(model.weight?.grad?.shape).toEqual([2]);
    expect(step()).toBeTypeOf("number");
    expect(model.running_mean?.shape).toEqual([2]);
  });
});

test("memoryStats follows tensors", () => {
  const before = torch.memoryStats();
  const x = torch.zeros(1024, 1024);
  const during = torch.memoryStats();
  expect(during.allocatedBytes - before.allocatedBytes).toBeGreaterThanOrEqual(4 * MB);
  expect(during.liveTensors).toBeGreaterThan(before.liveTensors);
  x.dispose();
  expect(torch.memoryStats().allocatedBytes).toBeLessThan(during.allocatedBytes);
  expect(during.peakBytes).toBeGreaterThanOrEqual(during.allocatedBytes);
});

test("a synchronous loop of one-megabyte tensors stays small, also with a hook that captures its own tensor", () => {
  const x = torch.ones(512, 512);
  let top = 0;
  for (let i = 0; i < 3000; i++) {
    x.add(1);
    if (i % 100 === 0) top = Math.max(top, process.memoryUsage().rss);
  }
  expect(top / MB).toBeLessThan(700);
  const leaf = torch.ones(512, 512, { requiresGrad: true });
  for (let i = 0; i < 1000; i++) {
    const y = leaf.mul(2);
    y.registerHook((g) => g.mul(y));
    if (i % 100 === 0) top = Math.max(top, process.memoryUsage().rss);
  }
  expect(top / MB).toBeLessThan(900);
});
