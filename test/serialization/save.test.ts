/** Files that this library writes: read back here, and by Python where CANDLEWICK_PYTHON names one with torch. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn, optim } = torch;
const folder = mkdtempSync(join(tmpdir(), "candlewick-save-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

function trained() {
  torch.manualSeed(0);
  const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2), new nn.Flatten(), new nn.Linear(2, 2));
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 });
  model
    .forward(torch.ones(2, 1, 3, 3))
    .sum()
    .backward();
  optimizer.step();
  return { model, optimizer };
}

test("values come back as they were", async () => {
  const base = torch.arange(12).view(3, 4);
  const shared = [1, 2];
  const value = {
    numbers: [
      0,
      -1,
      255,
      65536,
      2 ** 40,
      2 ** 53 - 1,
      0.5,
      0.0015360000000000005,
      5e-324,
      1.7976931348623157e308,
      -0,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ],
    bigints: [2n ** 62n, -(2n ** 70n)],
    text: ["", "Жé😀", "__proto__"],
    flags: [true, false, null],
    map: new Map<unknown, unknown>([[1, "a"], [2n ** 60n, shared]]), // biome-ignore format: one line
    set: new Set(["a", 1]),
    bytes: new Uint8Array([0, 128, 255]),
    shared,
    tensors: [base, base.t(), base.index(1), torch.zeros(0, 3), torch.tensor(1).half(), torch.tensor([true])],
    parameter: new nn.Parameter(torch.ones(2)),
    ["__proto__"]: 3,
  };
  await torch.save(value, file("values.pth"));
  const back = (await torch.load(file("values.pth"))) as typeof value;
  expect(back).toEqual({ ...value, bigints: value.bigints, map: new Map<unknown, unknown>([[1, "a"], [2n ** 60n, shared]]) }); // biome-ignore format: one line
  expect(Object.hasOwn(back, "__proto__")).toBe(true);
  expect(back.map.get(2n ** 60n)).toBe(back.shared);
  back.tensors[0]?.fill_(7);
  expect(back.tensors[2]?.tolist()).toEqual([7, 7, 7, 7]);
  expect(back.parameter).toBeInstanceOf(nn.Parameter);
});

test("containers may hold themselves; nesting is no recursion", async () => {
  const loop: unknown[] = [];
  loop.push(loop, { loop });
  const back = (await torch.load(await torch.save(loop))) as [unknown, { loop: unknown }];
  expect([back[0] === back, back[1].loop === back]).toEqual([true, true]);
  let deep: unknown[] = [];
  for (let i = 0; i < 20_000; i++) deep = [deep];
  let list = (await torch.load(await torch.save(deep))) as unknown[];
  let depth = 0;
  for (; list.length > 0; depth++) list = list[0] as unknown[];
  expect(depth).toBe(20_000);
});

test("a view is saved with its storage, or with its own elements", async () => {
  const view = torch.zeros(10_000).narrow(0, 5, 2);
  const [whole, own] = [await torch.save(view), await torch.save(view, null, { clone: true })];
  expect([whole.length > 40_000, own.length < 2_000]).toEqual([true, true]);
  expect(await torch.load(own)).toEqual(view);
});

test("models and optimizers go on where they were; a loaded file is saved as it was", async () => {
  const { model, optimizer } = trained();
  await torch.save({ model: model.stateDict(), optimizer: optimizer.stateDict() }, file("run.pth"));
  const saved = (await torch.load(file("run.pth"))) as {
    model: torch.nn.StateDict;
    optimizer: torch.optim.OptimizerStateDict;
  };
  expect(Reflect.get(saved.model, "_metadata")).toMatchObject({ 1: { version: 2 } });
  const other = trained();
  other.model
    .forward(torch.rand(3, 1, 3, 3))
    .sum()
    .backward();
  other.optimizer.step();
  other.model.loadStateDict(saved.model);
  other.optimizer.loadStateDict(saved.optimizer);
  for (const run of [{ model, optimizer }, other]) {
    run.optimizer.zeroGrad();
    run.model
      .forward(torch.ones(4, 1, 3, 3))
      .pow(2)
      .sum()
      .backward();
    run.optimizer.step();
  }
  expect(other.model.stateDict()).toEqual(model.stateDict());
  expect(await torch.save(saved)).toEqual(await torch.save(await torch.load(await torch.save(saved))));
  expect(await torch.save(torch.deepcopy(optimizer.stateDict()))).toEqual(await torch.save(optimizer.stateDict()));
});

test("tensors are written as they were when save was called", async () => {
  const x = torch.zeros(1000);
  const written = torch.save(x, file("then.pth"));
  x.fill_(1);
  await written;
  expect(((await torch.load(file("then.pth"))) as torch.Tensor).sum().item()).toBe(0);
});

test("a file appears whole: links are followed, errors leave the old one and no rubbish", async () => {
  await torch.save([1], file("old.pth"));
  symlinkSync("old.pth", file("link.pth"));
  await torch.save([2], file("link.pth"));
  expect(await torch.load(file("old.pth"))).toEqual([2]);
  const before = readFileSync(file("old.pth"));
  await expect(torch.save([() => 1], file("old.pth"))).rejects.toThrow(
    "save: at [0]: expected data, received a function",
  );
  expect(readFileSync(file("old.pth"))).toEqual(before);
  mkdirSync(file("folder.pth"));
  await expect(torch.save([1], file("folder.pth"))).rejects.toThrow(torch.IOError);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("what is no data is refused by its path", () => {
  const { model, optimizer } = trained();
  const refused: [unknown, string][] = [
    [model, "saveSync: a whole module is code: save its state, model.stateDict()"],
    [{ a: [optimizer] }, "saveSync: at ['a'][0]: expected data, received AdamW; save its state, .stateDict()"],
    [{ when: new Date() }, "saveSync: at ['when']: expected data, received Date"],
    [[undefined], "saveSync: at [0]: expected data, received undefined"],
    [new Float32Array(2), "torch.fromTypedArray makes a tensor of it"],
    ["\ud800", "half of a surrogate pair"],
  ];
  for (const [value, message] of refused) expect(() => torch.saveSync(value)).toThrow(message);
  expect(() => torch.saveSync([1], "/missing/folder/a.pth")).toThrow("the folder /missing/folder does not exist");
  expect(() => torch.saveSync([1], file("a.pth"), { copy: true } as never)).toThrow(
    "unexpected keyword argument 'copy'",
  );
});

const python = process.env.CANDLEWICK_PYTHON;
test.runIf(python !== undefined)("Python reads it, with weights_only and mmap", () => {
  const { model, optimizer } = trained();
  const path = file("python.pth");
  torch.saveSync(
    { model: model.stateDict(), optimizer: optimizer.stateDict(), set: new Set([1]), b: new Uint8Array([255]) },
    path,
  );
  writeFileSync(
    file("check.py"),
    `import sys, torch
from torch import nn
for mmap in (False, True):
    saved = torch.load(sys.argv[1], weights_only=True, mmap=mmap)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    assert str(model.load_state_dict(saved["model"])) == "<All keys matched successfully>"
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer.load_state_dict(saved["optimizer"])
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.999), optimizer
    assert list(saved["optimizer"]["state"]) == list(range(6)), saved
    assert saved["model"]._metadata["1"] == {"version": 2}
    assert (saved["set"], saved["b"]) == ({1}, b"\\xff")
print("read")
`,
  );
  expect(execFileSync(python ?? "", [file("check.py"), path], { encoding: "utf8" })).toBe("read\n");
});

test.runIf(python !== undefined)("Python reads the other formats, and we what it makes of them", async () => {
  const x = { a: torch.arange(6).view(2, 3), half: torch.tensor([1.5]).half(), none: torch.zeros(0, 2) };
  torch.safetensors.saveSync({ ...x, brain: torch.tensor([1.5]).bfloat16() }, file("x.safetensors"), {
    metadata: { format: "pt", note: "ж" },
  });
  torch.numpy.saveSync(x, file("x.npz"));
  torch.numpy.saveSync(x, file("c.npz"), { compress: true });
  torch.numpy.saveSync(x.a.t(), file("x.npy"));
  torch.pickle.dumpSync({ epoch: 3, best: [0.5, null], 1: "one" }, file("x.pkl"));
  writeFileSync(
    file("others.py"),
    `import pickle, sys
import numpy as np, torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
tensors = load_file("x.safetensors")
assert tensors["brain"].dtype == torch.bfloat16 and tensors["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
assert safe_open("x.safetensors", "pt").metadata() == {"format": "pt", "note": "ж"}
save_file(tensors, "back.safetensors")
for name in ("x.npz", "c.npz"):
    arrays = np.load(name)
    assert list(arrays) == ["a", "half", "none"] and arrays["half"].dtype == np.float16, arrays
assert np.load("x.npy").tolist() == [[0, 3], [1, 4], [2, 5]]
np.save("back.npy", np.load("x.npy"))
assert pickle.load(open("x.pkl", "rb")) == {"epoch": 3, "best": [0.5, None], "1": "one"}
print("read")
`,
  );
  expect(execFileSync(python ?? "", ["others.py"], { cwd: folder, encoding: "utf8" })).toBe("read\n");
  expect({ ...(await torch.safetensors.load(file("back.safetensors"))) }).toMatchObject(x);
  expect(await torch.numpy.load(file("back.npy"))).toEqual(x.a.t().contiguous());
});
