import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;
const { checkpoint, checkpointSequential } = torch.utils.checkpoint;

function gradients(net: torch.nn.Module, x: torch.Tensor, y: torch.Tensor): unknown[] {
  net.zeroGrad();
  x.grad = null;
  y.square().sum().backward();
  return [x.grad, ...net.parameters().map((p) => p.grad)].map((g) => g?.tolist());
}

test("gradients are the same, with dropout, with and without gradients of the input", () => {
  torch.manualSeed(0);
  const net = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Dropout(0.5), new nn.Linear(8, 2));
  const x = torch.randn(3, 4).requiresGrad_();
  torch.manualSeed(1);
  const plain = gradients(net, x, net.forward(x));
  torch.manualSeed(1);
  const before = torch.memoryStats().savedTensors;
  const y = checkpoint(net, x);
  const after = torch.rand(1).item();
  expect(torch.memoryStats().savedTensors - before).toBeLessThanOrEqual(3);
  expect(gradients(net, x, y)).toEqual(plain);
  torch.manualSeed(1);
  net.forward(x);
  expect(torch.rand(1).item()).toBe(after);
  torch.manualSeed(1);
  const [, ...parameters] = gradients(
    net,
    x.detach(),
    checkpoint((z: torch.Tensor) => net.forward(z), x.detach()),
  );
  expect(parameters).toEqual(plain.slice(1));
});

test("works with autograd.grad, a retained graph, and nested", () => {
  const x = torch.tensor([0.5], { dtype: "float64" }).requiresGrad_();
  const inner = (z: torch.Tensor) => z.exp().mul(z);
  const y = checkpoint((z: torch.Tensor) => checkpoint(inner, z.sin()).cos(), x);
  const want = inner(x.sin()).cos();
  const first = (z: torch.Tensor) => torch.autograd.grad(z, x, { retainGraph: true }).map((g) => g.item());
  expect(first(y)).toEqual(first(want));
  expect(first(y)).toEqual(first(want));
});

test("can be differentiated twice", () => {
  const x = torch.tensor([0.5, 2], { dtype: "float64" }).requiresGrad_();
  expect(torch.autograd.gradgradcheck((z) => checkpoint((w: torch.Tensor) => w.exp().mul(w).tanh(), z), x)).toBe(true);
});

test("checkpointSequential", () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 2), new nn.ReLU());
  const x = torch.randn(3, 2).requiresGrad_();
  const plain = gradients(net, x, net.forward(x));
  expect(gradients(net, x, checkpointSequential(net, 2, x))).toEqual(plain);
  expect(() => checkpointSequential(net, 5, x)).toThrow("expected 1 to 4 segments, received 5");
});

test("a loop of checkpoints stays small, also where backward never runs", () => {
  const weight = torch.randn(256, 256).mul(0.01).requiresGrad_();
  const block = (x: torch.Tensor) => x.matmul(weight).tanh().exp().sin();
  let top = 0;
  for (let i = 0; i < 300; i++) {
    let x = torch.ones(256, 256);
    for (let depth = 0; depth < 3; depth++) x = checkpoint(block, x);
    if (i % 3 === 0) x.sum().backward();
    weight.grad = null;
    if (i % 20 === 0) top = Math.max(top, process.memoryUsage().rss);
  }
  expect(top / 1024 / 1024).toBeLessThan(700);
});
