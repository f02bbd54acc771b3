/** A project of a user's, compiled by outside.test.ts with strict and noUncheckedIndexedAccess. */
import * as torch from "candlewick";
import * as F from "candlewick/nn/functional";
import { StepLR } from "candlewick/optim/lr-scheduler";
import { Compose, Normalize } from "candlewick/vision/transforms";

const { nn, optim, data, vision } = torch;
type Tensor = torch.Tensor;

/** A function of any model calls it. */
function evaluate(model: torch.nn.Module, x: Tensor): number {
  model.eval();
  return torch.noGrad(() => model.forward(x).argmax(1).eq(0).sum().item());
}

class Net extends nn.Module {
  convs = new nn.ModuleList([new nn.Conv2d(1, 2, 3), new nn.Conv2d(2, 2, 3, { bias: true })]);
  heads = new nn.ModuleDict({ a: new nn.Linear(2, 3) });
  others: Record<string, torch.nn.Module> = {};
  layers = new nn.ModuleList<torch.nn.Linear>();
  forward(x: Tensor): Tensor {
    let y = x;
    for (const conv of this.convs) y = F.relu(conv.forward(y));
    return this.heads.get("a").forward(y.mean({ dim: [2, 3] }));
  }
}

class Pair extends nn.Module {
  fc = new nn.Linear(2, 2);
  forward(x: Tensor, scale: number): [Tensor, number] {
    return [this.fc.forward(x).mul(scale), scale];
  }
}

const net = new Net();
export const correct: number = evaluate(net, torch.rand(2, 1, 8, 8));
// @ts-expect-error: its forward gives no tensor
evaluate(new Pair(), torch.rand(2, 2));
export const pair: torch.nn.Module<[Tensor, number], [Tensor, number]> = new Pair();
export const count = (model: torch.nn.AnyModule): number => model.parameters().length;
count(new Pair());

const conv = new nn.Conv2d(3, 8, 3);
torch.noGrad(() => conv.bias.zero_());
new nn.Linear(2, 2).bias.fill_(1);
const bare = new nn.Conv2d(3, 8, 3, { bias: false });
export const none: null = bare.bias;
// @ts-expect-error: it was made without a bias
bare.bias.zero_();
const perhaps = new nn.Linear(2, 2, { bias: Math.random() > 0.5 });
// @ts-expect-error: it may have none
perhaps.bias.zero_();
net.layers.append(new nn.Linear(1, 1)).get(0).weight.shape.length;

export const rows: number[][] = torch.ones(2, 2).tolist<number[][]>();
export const floats: Float32Array = torch.ones(2).toTypedArray("float32");
export const labels: BigInt64Array = torch.arange(3).toTypedArray("int64");

const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
export const scheduler = new StepLR(optimizer, { stepSize: 3 });
const transform = new Compose([new Normalize([0.5], [0.5])]);
const set = new vision.datasets.FashionMNISTSample({ train: true, transform });
for (const [image, label] of set) if (image.ndim + label < 0) break;
for await (const [x, y] of new data.DataLoader(set, { batchSize: 4 })) {
  const loss: Tensor = F.crossEntropy(net.forward(x), y);
  loss.backward();
  break;
}

const x = torch.rand(2, 3);
export const byName: Tensor[] = [
  x.unsqueeze({ dim: 0 }),
  torch.softmax(x, { dim: 1 }),
  torch.softmax({ input: x, dim: 1 }),
  x.transpose({ dim0: 0, dim1: 1 }),
  torch.zeros({ size: [2, 3] }),
  torch.full([2], { fillValue: 1 }),
  torch.randint(1, 10, { size: [5] }),
  ...x.chunk(2, { dim: 1 }),
];
// @ts-expect-error: no such argument
x.unsqueeze({ axis: 0 });
// @ts-expect-error: a number
x.unsqueeze("0");
// @ts-expect-error: tensors do not add with +
export const sum = x + 1;
for (const f of [F.relu, F.gelu, torch.tanh]) f(x).sum();
// @ts-expect-error: methods know their results
export const text: string = x.unsqueeze({ dim: 0 });
// @ts-expect-error: and what they need
x.transpose({ dim0: 1 });
export const shown: Tensor = x.sum({ dim: 1, keepdim: true });
