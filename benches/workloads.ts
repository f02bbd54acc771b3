/** The workloads, by the names of pytorch_bench.py: each makes a step, and how often it is timed in a round. */
import * as torch from "candlewick";

const { nn, optim } = torch;
const { functional: F } = nn;

type Step = () => unknown;
/** Makes the step; the number of runs in a full round. */
export type Workload = readonly [make: () => Step, runs: number];

class FashionDNN extends nn.Module {
  fc1 = new nn.Linear(784, 256);
  drop = new nn.Dropout(0.25);
  fc2 = new nn.Linear(256, 128);
  fc3 = new nn.Linear(128, 10);
  forward(x: torch.Tensor): torch.Tensor {
    const hidden = F.relu(this.fc1.forward(x.view(-1, 784)));
    return this.fc3.forward(F.relu(this.fc2.forward(this.drop.forward(hidden))));
  }
}

class FashionCNN extends nn.Module {
  layer1 = new nn.Sequential(
    new nn.Conv2d(1, 32, 3, { padding: 1 }),
    new nn.BatchNorm2d(32),
    new nn.ReLU(),
    new nn.MaxPool2d(2, 2),
  );
  layer2 = new nn.Sequential(new nn.Conv2d(32, 64, 3), new nn.BatchNorm2d(64), new nn.ReLU(), new nn.MaxPool2d(2));
  fc1 = new nn.Linear(2304, 600);
  drop = new nn.Dropout(0.25);
  fc2 = new nn.Linear(600, 120);
  fc3 = new nn.Linear(120, 10);
  forward(x: torch.Tensor): torch.Tensor {
    const out = this.layer2.forward(this.layer1.forward(x));
    return this.fc3.forward(this.fc2.forward(this.drop.forward(this.fc1.forward(out.view(out.size(0), -1)))));
  }
}

class CifarNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 8, 3, { padding: 1 });
  fc1 = new nn.Linear(512, 32);
  fc2 = new nn.Linear(32, 2);
  forward(x: torch.Tensor): torch.Tensor {
    let out = F.maxPool2d(torch.tanh(this.conv1.forward(x)), 2);
    out = F.maxPool2d(torch.tanh(this.conv2.forward(out)), 2);
    return this.fc2.forward(torch.tanh(this.fc1.forward(out.view(-1, 512))));
  }
}

type Model = torch.nn.Module & { forward(x: torch.Tensor): torch.Tensor };

function train(model: Model, x: torch.Tensor, y: torch.Tensor, optimizer: torch.optim.Optimizer): Step {
  const criterion = new nn.CrossEntropyLoss();
  return () => {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
}

function infer(model: Model, x: torch.Tensor): Step {
  model.eval();
  return () => torch.noGrad(() => model.forward(x));
}

const images = () => torch.rand(100, 1, 28, 28);
const labels = (n: number, classes: number) => torch.randint(0, classes, [n]);
const adam = (model: Model) => new optim.Adam(model.parameters(), { lr: 1e-3 });

interface ConvShape {
  batch: number;
  channels: number;
  out: number;
  size: number;
  kernel: number;
  stride?: number;
  groups?: number;
  grad?: boolean;
}

function conv({ batch, channels, out, size, kernel, stride = 1, groups = 1, grad = false }: ConvShape): Step {
  const x = torch.rand([batch, channels, size, size]).requiresGrad_(grad);
  const w = torch.rand([out, channels / groups, kernel, kernel]).requiresGrad_(grad);
  const forward = () => F.conv2d(x, w, { stride, padding: Math.floor(kernel / 2), groups });
  return grad ? () => forward().sum().backward() : forward;
}

function matmul(m: number, k: number, n: number): Step {
  const [a, b] = [torch.rand(m, k), torch.rand(k, n)];
  return () => a.matmul(b);
}

function smallAdd(): Step {
  const [a, b] = [torch.rand(10), torch.rand(10)];
  return () => {
    for (let i = 0; i < 1000; i++) a.add(b);
  };
}

/** A training step beside `objects` live JavaScript objects: garbage collection must not make it slower. */
function besideHeap(objects: number): Step {
  const heap = Array.from({ length: objects }, (_, i) => ({ i, list: [i], text: `object ${i}` }));
  const model = new FashionDNN();
  const step = train(model, images(), labels(100, 10), adam(model));
  return () => {
    step();
    return heap.length;
  };
}

function training(
  make: () => Model,
  x: () => torch.Tensor,
  classes: number,
  optimizer: (m: Model) => torch.optim.Optimizer,
) {
  return () => {
    const [model, input] = [make(), x()];
    return train(model, input, labels(input.size(0), classes), optimizer(model));
  };
}

const photographs = (batch: number) => () => torch.rand(batch, 3, 224, 224);
const sgd = (model: Model) => new optim.SGD(model.parameters(), { lr: 1e-2 });

/** A classifier of the zoo with random weights. */
function zoo(name: string): Model {
  const options = name === "googlenet" ? { initWeights: false } : {};
  return torch.vision.models.getModel(name, options) as Model;
}

/** A step of transfer learning: all but the last layer is frozen. */
function frozen(): Step {
  const model = torch.vision.models.resnet18();
  model.requiresGrad_(false);
  model.fc = new nn.Linear(512, 2);
  return train(model, photographs(32)(), labels(32, 2), new optim.Adam(model.fc.parameters(), { lr: 1e-3 }));
}

const CLASSIFIERS = [
  ...["resnet18", "vgg16", "mobilenet_v2", "densenet161", "resnext50_32x4d", "shufflenet_v2_x1_0", "squeezenet1_0"],
  ...["googlenet", "efficientnet_b0", "vit_b_16"],
];

const block = { batch: 16, kernel: 3 };
export const workloads: Readonly<Record<string, Workload>> = {
  "dnn-train-b100": [training(() => new FashionDNN(), images, 10, adam), 200],
  "cnn-train-b100": [training(() => new FashionCNN(), images, 10, adam), 60],
  "cnn-infer-b100": [() => infer(new FashionCNN(), images()), 60],
  "cifar-train-b64": [
    training(
      () => new CifarNet(),
      () => torch.rand(64, 3, 32, 32),
      2,
      (m) => new optim.SGD(m.parameters(), { lr: 1e-2 }),
    ),
    200,
  ],
  "add-10-x1000": [smallAdd, 50],
  "matmul-1024": [() => matmul(1024, 1024, 1024), 30],
  "matmul-100x2304x600": [() => matmul(100, 2304, 600), 100],
  "conv-64-56-b16": [() => conv({ ...block, channels: 64, out: 64, size: 56 }), 20],
  "conv-64-56-b16-train": [() => conv({ ...block, channels: 64, out: 64, size: 56, grad: true }), 10],
  "conv-128-28-b16-train": [() => conv({ ...block, channels: 128, out: 128, size: 28, grad: true }), 10],
  "conv-512-7-b16-train": [() => conv({ ...block, channels: 512, out: 512, size: 7, grad: true }), 10],
  "conv-stem-b16-train": [
    () => conv({ batch: 16, channels: 3, out: 64, size: 224, kernel: 7, stride: 2, grad: true }),
    5,
  ],
  "depthwise-144-56-b16-train": [
    () => conv({ ...block, channels: 144, out: 144, size: 56, groups: 144, grad: true }),
    10,
  ],
  ...Object.fromEntries(
    CLASSIFIERS.map((name): [string, Workload] => [`${name}-infer-b1`, [() => infer(zoo(name), photographs(1)()), 10]]),
  ),
  "resnet18-infer-b32": [() => infer(zoo("resnet18"), photographs(32)()), 5],
  "resnet18-frozen-b32": [frozen, 5],
  "resnet18-train-b16": [training(() => zoo("resnet18"), photographs(16), 1000, adam), 5],
  "mobilenet_v2-train-b16": [training(() => zoo("mobilenet_v2"), photographs(16), 1000, adam), 5],
  "vgg16-train-b4": [training(() => zoo("vgg16"), photographs(4), 1000, sgd), 4],
};

/** Workloads of this project alone. */
export const ownWorkloads: Readonly<Record<string, Workload>> = {
  "dnn-train-b100-heap-0": [() => besideHeap(0), 200],
  "dnn-train-b100-heap-350MB": [() => besideHeap(2_000_000), 200],
};
