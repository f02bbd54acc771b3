/** Gradients, computed by backward and by hand. */
import * as torch from "candlewick";

function check(name: string, got: number, expected: number): void {
  console.log(`${name} = ${got}, by hand ${expected}`);
  if (Math.abs(got - expected) > 1e-5 * Math.max(1, Math.abs(expected)))
    throw new Error(`${name}: ${got} is not ${expected}`);
}

// y = x^2 + 3x + 1, so dy/dx = 2x + 3.
const x = torch.tensor(2, { requiresGrad: true });
const y = x.pow(2).add(x.mul(3)).add(1);
console.log("y =", y, "made by", y.gradFn);
y.backward();
check("dy/dx at 2", x.grad?.item() ?? Number.NaN, 7);

// Gradients add up until they are forgotten.
x.mul(5).backward();
check("accumulated", x.grad?.item() ?? Number.NaN, 12);
x.grad = null;

// A non-leaf keeps no gradient unless it is asked to.
const a = torch.tensor([1, 2, 3], { requiresGrad: true });
const b = a.mul(2);
const c = b.mul(b).sum();
c.backward();
console.log("a.grad =", a.grad, "b.grad =", b.grad, "b is a leaf:", b.isLeaf);
check("d sum(4a^2) / da[2]", a.grad?.index(2).item() ?? Number.NaN, 8 * 3);

// The chain rule through a sigmoid neuron: L = (s(w x + b) - t)^2.
const w = torch.tensor(0.5, { requiresGrad: true });
const bias = torch.tensor(-0.25, { requiresGrad: true });
const [input, target] = [1.5, 1];
const s = w.mul(input).add(bias).sigmoid();
const loss = s.sub(target).pow(2);
loss.backward();
const out = 1 / (1 + Math.exp(-(0.5 * input - 0.25)));
const slope = 2 * (out - target) * out * (1 - out);
check("dL/dw", w.grad?.item() ?? Number.NaN, slope * input);
check("dL/db", bias.grad?.item() ?? Number.NaN, slope);

// Without recording there is no graph; detach() leaves one.
console.log("inside noGrad:", torch.noGrad(() => w.mul(2)).requiresGrad, "detached:", s.detach().requiresGrad);

// The second derivative: d2(x^3)/dx2 = 6x.
const z = torch.tensor(3, { requiresGrad: true });
const [first] = torch.autograd.grad(z.pow(3), z, { createGraph: true });
check("d(x^3)/dx at 3", first?.item() ?? Number.NaN, 27);
const [second] = torch.autograd.grad(first ?? z, z);
check("d2(x^3)/dx2 at 3", second?.item() ?? Number.NaN, 18);

// One step of gradient descent makes the loss smaller.
torch.noGrad(() => {
  for (const p of [w, bias]) if (p.grad !== null) p.sub_(p.grad.mul(0.1));
});
const after = w.mul(input).add(bias).sigmoid().sub(target).pow(2);
console.log(`loss ${loss.item().toFixed(5)} -> ${after.item().toFixed(5)}`);
