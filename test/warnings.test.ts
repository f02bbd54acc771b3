/** PyTorch's warnings: its texts, a code, once each. */
import { expect, test } from "vitest";
import * as torch from "../lib/index.js";

const { data, nn, optim } = torch;
const F = nn.functional;
const heard: { code?: string; name: string; message: string }[] = [];
process.on("warning", (warning) => heard.push(warning as Error & { code?: string }));
const settled = () => new Promise((resolve) => setImmediate(resolve));

const x2 = torch.rand(2, 3);
const x3 = torch.rand(2, 3, 4);
const leaf = () => torch.ones(1, { requiresGrad: true });

test.each<[string, () => unknown, string]>([
  ["IMPLICIT_DIM", () => new nn.Softmax().forward(x2), "Implicit dimension choice for softmax has been deprecated."],
  ["DROPOUT_RANK", () => F.dropout2d(x2), "dropout2d: Received a 2-D input to dropout2d, which is deprecated"],
  ["DROPOUT2D_3D", () => new nn.Dropout2d().forward(x3), "assuming that channel-wise 1D dropout behavior is desired"],
  [
    "NON_LEAF_GRAD",
    () => leaf().mul(2).grad,
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.",
  ],
  [
    "LOSS_SIZES",
    () => F.mseLoss(torch.rand(3, 1), torch.rand(3)),
    "Using a target size (torch.Size([3])) that is different to the input size (torch.Size([3, 1])).",
  ],
  ["KL_MEAN", () => F.klDiv(x2, x2), "reduction: 'mean' divides the total loss by both the batch size"],
  ["SIZE_AVERAGE", () => new nn.MSELoss({ reduce: false }), "please use reduction='none' instead."],
  ["RNN_DROPOUT", () => new nn.LSTM(2, 2, { dropout: 0.5 }), "but got dropout=0.5 and num_layers=1"],
  ["UPSAMPLE", () => F.upsample(x3, { scaleFactor: 2 }), "`nn.functional.upsample` is deprecated."],
  ["COPY_CONSTRUCT", () => torch.tensor(x2), "To copy construct from a tensor, it is recommended to use"],
  ["T", () => x3.T, "The use of `x.T` on tensors of dimension other than 2"],
  ["DEGREES_OF_FREEDOM", () => torch.rand(1).std(), "std(): degrees of freedom is <= 0."],
  ["INIT_EMPTY", () => new nn.Linear(0, 3), "Initializing zero-element tensors is a no-op"],
  [
    "SCHEDULER_ORDER",
    () => new optim.lrScheduler.StepLR(new optim.SGD([leaf()], { lr: 1 }), 1).step(),
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`.",
  ],
  [
    "SCHEDULER_EPOCH",
    () => new optim.lrScheduler.StepLR(new optim.SGD([leaf()], { lr: 1 }), 1).step(3),
    "The epoch parameter in `scheduler.step()` was not necessary",
  ],
  [
    "DUPLICATE_PARAMETERS",
    () => {
      const p = leaf();
      return new optim.SGD([p, p], { lr: 1 });
    },
    "optimizer contains a parameter group with duplicate parameters",
  ],
  [
    "MESHGRID",
    () => torch.meshgrid(torch.rand(2), torch.rand(2)),
    "it will be required to pass the indexing argument.",
  ],
  ["CROSS_DIM", () => torch.cross(torch.rand(3), torch.rand(3)), "Using torch.cross without specifying the dim arg"],
  ["CREATE_GRAPH", () => leaf().mul(2).sum().backward({ createGraph: true }), "will create a reference cycle"],
  [
    "UINT8_INDEX",
    () => x2.index(torch.ones(2, 3, { dtype: "uint8" })),
    "indexing with dtype torch.uint8 is now deprecated",
  ],
  [
    "PADDING_SAME",
    () => F.conv2d(torch.rand(1, 1, 4, 4), torch.rand(1, 1, 2, 2), { padding: "same" }),
    "Using padding='same' with even kernel lengths",
  ],
  ["PIN_MEMORY", () => new data.DataLoader([1], { pinMemory: true }), "'pin_memory' argument is set as true but"],
  [
    "BACKWARD_HOOK",
    () => {
      const layer = new nn.Linear(1, 1);
      layer.registerFullBackwardHook(() => {});
      layer.forward(torch.ones(1)).sum().backward();
    },
    "Full backward hook is firing when gradients are computed",
  ],
  ["WEIGHT_NORM", () => nn.utils.weightNorm(new nn.Linear(1, 1)), "`torch.nn.utils.weight_norm` is deprecated"],
])("%s", async (code, call, text) => {
  heard.length = 0;
  call();
  call();
  await settled();
  const own = heard.filter((warning) => warning.code === `CANDLEWICK_${code}`);
  expect(own.map(({ name }) => name)).toEqual(["UserWarning"]);
  expect(own[0]?.message).toContain(text);
});

test("nothing is said of what is right", async () => {
  heard.length = 0;
  const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(72, 3));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1);
  const loss = F.crossEntropy(model.forward(torch.rand(2, 1, 8, 8)), torch.tensor([0n, 1n]));
  loss.backward();
  optimizer.step();
  scheduler.step();
  F.softmax(x2, { dim: 1 });
  expect(model.parameters()[0]?.grad).not.toBeNull();
  await settled();
  expect(heard).toEqual([]);
});
