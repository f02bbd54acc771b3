/** Arguments: by name, of wrong types, in Python's spelling. */
import { describe, expect, test } from "vitest";
import * as torch from "../lib/index.js";

const { data, nn, optim, vision } = torch;
const x = torch.arange(6).to("float32").view(2, 3);

describe("by name", () => {
  test("what notebooks write", () => {
    const index = torch.tensor([[0, 1]], { dtype: "int64" });
    expect(x.unsqueeze({ dim: 0 }).shape).toEqual([1, 2, 3]);
    expect(torch.softmax(x, { dim: 1 }).equal(x.softmax(1))).toBe(true);
    expect(torch.softmax({ input: x, dim: 1 }).equal(x.softmax(1))).toBe(true);
    expect(x.unsqueeze(0).squeeze({ dim: 0 }).shape).toEqual([2, 3]);
    expect(x.chunk(2, { dim: 1 }).map((y) => y.shape)).toEqual([
      [2, 2],
      [2, 1],
    ]);
    expect(x.unbind({ dim: 1 }).length).toBe(3);
    expect(x.permute({ dims: [1, 0] }).shape).toEqual([3, 2]);
    expect(x.transpose({ dim0: 0, dim1: 1 }).shape).toEqual([3, 2]);
    expect(x.gather({ dim: 0, index }).tolist()).toEqual([[0, 4]]);
    expect(x.select({ dim: 0, index: 1 }).tolist()).toEqual([3, 4, 5]);
    expect(x.narrow({ dim: 1, start: 1, length: 2 }).shape).toEqual([2, 2]);
    expect(x.view({ size: [3, 2] }).shape).toEqual([3, 2]);
    expect(x.reshape({ shape: [3, 2] }).shape).toEqual([3, 2]);
    expect(torch.full([2], { fillValue: 7 }).tolist()).toEqual([7, 7]);
    expect(torch.randint(1, 10, { size: [5] }).shape).toEqual([5]);
    expect(torch.randint({ low: 1, high: 10, size: [5] }).shape).toEqual([5]);
    expect(torch.zeros({ size: [2, 3], dtype: "int64" }).dtype).toBe("int64");
    expect(x.flatten({ endDim: 1 }).shape).toEqual([6]);
    expect(nn.functional.relu({ input: x }).shape).toEqual([2, 3]);
  });

  test("a name twice, or one that is not there", () => {
    // @ts-expect-error: dim is there by position
    expect(() => torch.unsqueeze(x, 0, { dim: 1 })).toThrow("unsqueeze() got multiple values for argument 'dim'");
    // @ts-expect-error: no such name
    expect(() => x.unsqueeze({ axis: 1 })).toThrow(
      "unsqueeze() got an unexpected keyword argument 'axis' (it takes dim)",
    );
    expect(() => Reflect.apply(torch.zeros, null, [2, { layout: "sparse" }])).toThrow("zeros: layout is not supported");
  });
});

/** The message of a call that types forbid. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(torch.TorchError);
    return error instanceof Error ? error.message : String(error);
  }
  return "no error";
}
const loose = (value: unknown): never => value as never;

describe("wrong types", () => {
  test.each<[() => unknown, string]>([
    [
      () => x.unsqueeze(loose("0")),
      "unsqueeze(): argument 'dim' (position 1) must be int, not \"0\"; parse it with Number(...)",
    ],
    [() => torch.unsqueeze(loose([1]), 0), "unsqueeze(): argument 'input' (position 1) must be Tensor, not an array"],
    [() => Reflect.apply(x.unsqueeze, x, []), 'unsqueeze() missing 1 required positional arguments: "dim"'],
    [() => x.sum({ dim: loose("0") }), "sum(): argument 'dim' (position 1) must be tuple of ints, not \"0\""],
    [() => x.std({ correction: loose("1") }), "std(): argument 'correction' must be Number, not \"1\""],
    [() => nn.functional.dropout(x, loose("0.5")), "dropout(): argument 'p' (position 2) must be float, not \"0.5\""],
    [() => nn.functional.dropout(x, 0.5, loose("false")), 'must be bool, not "false"; compare it: value === "true"'],
    [
      () => new nn.Dropout(loose("0.5")),
      'Dropout: expected p to be a number, received "0.5"; parse it with Number(...)',
    ],
    [() => new nn.Linear(2, 2, { bias: loose("false") }), 'Linear: expected bias to be a boolean, received "false"'],
    [
      () => new optim.SGD([x.clone().requiresGrad_()], { lr: loose("0.1") }),
      'received "0.1"; parse it with Number(...)',
    ],
    [
      () => new data.DataLoader([1], { shuffle: loose("false") }),
      'DataLoader: expected shuffle to be a boolean, received "false"',
    ],
    [
      () => new data.DataLoader([1], { batchSize: loose("32") }),
      'DataLoader: expected batchSize to be an integer, received "32"',
    ],
    [() => new vision.datasets.FashionMNISTSample({ train: loose("false") }), "expected train to be a boolean"],
    [() => new optim.SGD(loose(new nn.Linear(1, 1)), { lr: 1 }), "received Linear; pass model.parameters()"],
  ])("%s", (call, message) => {
    expect(messageOf(call)).toContain(message);
  });
});

describe("Python's spelling", () => {
  const fc = new nn.Linear(2, 3);
  const optimizer = new optim.SGD(fc.parameters(), { lr: 0.1 });
  test.each<[string, object, string, string]>([
    ["requires_grad is requiresGrad", x, "requires_grad", "requiresGrad"],
    ["grad_fn is gradFn", x, "grad_fn", "gradFn"],
    ["in_features is inFeatures", fc, "in_features", "inFeatures"],
    ["state_dict is stateDict", fc, "state_dict", "stateDict"],
    ["track_running_stats is trackRunningStats", new nn.BatchNorm2d(3), "track_running_stats", "trackRunningStats"],
    ["zero_grad is zeroGrad", optimizer, "zero_grad", "zeroGrad"],
    ["weight_decay is weightDecay", optimizer.paramGroups[0] ?? {}, "weight_decay", "weightDecay"],
    ["get_last_lr is getLastLr", new optim.lrScheduler.StepLR(optimizer, 1), "get_last_lr", "getLastLr"],
    ["batch_size is batchSize", new data.DataLoader([1]), "batch_size", "batchSize"],
    ["class_to_idx is classToIdx", new vision.datasets.FashionMNISTSample(), "class_to_idx", "classToIdx"],
  ])("%s", (_, object, python, ours) => {
    expect(messageOf(() => Reflect.get(object, python))).toContain(`there is no ${python} here: write ${ours}`);
    expect(messageOf(() => Reflect.set(object, python, false))).toContain(`write ${ours}`);
  });

  test("is the user's own where we have no such name", () => {
    class Net extends nn.Module {
      forward(): void {}
    }
    const net = new Net();
    Reflect.set(net, "hidden_size", 5);
    expect(Reflect.get(net, "hidden_size")).toBe(5);
    expect(new nn.BatchNorm2d(3).running_mean?.shape).toEqual([3]);
  });
});
