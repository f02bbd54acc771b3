/** State dicts of older versions: PyTorch's `_metadata` names the version of each module. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;
const folder = mkdtempSync(join(tmpdir(), "candlewick-versions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As torchvision's MLP of ViT: version 1 called its layers linear_1 and linear_2. */
class MLPBlock extends nn.Sequential {
  static readonly stateVersion = 2;
  constructor() {
    super(new nn.Linear(2, 3), new nn.GELU(), new nn.Dropout(0), new nn.Linear(3, 2), new nn.Dropout(0));
  }
  override upgradeState(state: torch.nn.StateDict, prefix: string, version: number | null): void {
    if ((version ?? 1) >= 2) return;
    for (const [i, place] of [0, 3].entries()) {
      for (const kind of ["weight", "bias"]) {
        const [old, now] = [`${prefix}linear_${i + 1}.${kind}`, `${prefix}${place}.${kind}`];
        const value = state[old];
        if (value !== undefined) state[now] = value;
        delete state[old];
      }
    }
  }
}

class Encoder extends nn.Module {
  mlp = new MLPBlock();
  forward(x: torch.Tensor): torch.Tensor {
    return this.mlp.forward(x);
  }
}

test("keys of version 1 are renamed, of version 2 not", () => {
  const model = new Encoder();
  const now = model.stateDict();
  expect(Reflect.get(now, "_metadata")).toMatchObject({ mlp: { version: 2 }, "mlp.0": { version: 1 } });
  const old: torch.nn.StateDict = {};
  for (const [key, value] of Object.entries(now)) old[key.replace(".0.", ".linear_1.").replace(".3.", ".linear_2.")] = value; // biome-ignore format: one line
  const other = new Encoder();
  expect(String(other.loadStateDict(old))).toBe("<All keys matched successfully>");
  expect(other.stateDict()).toEqual(now);
  Object.defineProperty(old, "_metadata", { value: { mlp: { version: 2 } } });
  expect(() => other.loadStateDict(old)).toThrow('Missing key(s) in state_dict: "mlp.0.weight"');
});

test("a hook renames keys, as DenseNet's norm.1 of torchvision's older files", () => {
  const block = () => new nn.ModuleDict({ norm1: new nn.BatchNorm2d(2) });
  const old: torch.nn.StateDict = {};
  for (const [key, x] of Object.entries(block().stateDict())) old[key.replace("norm1", "norm.1")] = x;
  const model = block();
  const versions: unknown[] = [];
  model.registerLoadStateDictPreHook((_, state, prefix, metadata) => {
    versions.push(metadata);
    for (const key of Object.keys(state)) {
      const value = state[key];
      if (!key.startsWith(`${prefix}norm.1.`) || value === undefined) continue;
      state[key.replace("norm.1.", "norm1.")] = value;
      delete state[key];
    }
  });
  expect(String(model.loadStateDict(old))).toBe("<All keys matched successfully>");
  expect(versions).toEqual([{}]);
});

test("a BatchNorm without num_batches_tracked is of version 1, or damaged", () => {
  const state = new nn.BatchNorm2d(2).stateDict();
  delete state.num_batches_tracked;
  const plain = { ...state };
  expect(String(new nn.BatchNorm2d(2).loadStateDict(plain))).toBe("<All keys matched successfully>");
  expect(() => new nn.BatchNorm2d(2).loadStateDict(state)).toThrow(
    'Missing key(s) in state_dict: "num_batches_tracked"',
  );
});

test("odd metadata is no metadata", () => {
  for (const value of [3, null, { "": 3 }, { "": null }, []]) {
    const state = Object.defineProperty({ ...new nn.BatchNorm1d(2).stateDict() }, "_metadata", { value });
    expect(String(new nn.BatchNorm1d(2).loadStateDict(state))).toBe("<All keys matched successfully>");
  }
});

const python = process.env.CANDLEWICK_PYTHON;
test.runIf(python !== undefined)("a mnasnet that went through here loads in torchvision", () => {
  const run = (code: string) => execFileSync(python ?? "", ["-c", code], { cwd: folder, encoding: "utf8" });
  run("import torch, torchvision\ntorch.save(torchvision.models.mnasnet0_5().state_dict(), 'from.pth')");
  const state = torch.loadSync(join(folder, "from.pth"));
  torch.saveSync(state, join(folder, "to.pth"));
  writeFileSync(join(folder, "again.pth"), torch.saveSync(torch.deepcopy(state)));
  const check = "torchvision.models.mnasnet0_5().load_state_dict(torch.load(f, weights_only=True))";
  expect(run(`import torch, torchvision\nfor f in ('to.pth', 'again.pth'): print(${check})`)).toBe(
    "<All keys matched successfully>\n".repeat(2),
  );
});
