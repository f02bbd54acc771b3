/**
 * torchvision's classifiers: keys and printed forms of all, and what they give for seeds (test/fixtures/zoo.py), of one a family, or of
 * all with CANDLEWICK_ZOO=all.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../../lib/index.js";
import { native } from "../../../lib/native.js";

const { models } = torch.vision;

interface Row {
  readonly name: string;
  readonly params: number;
  readonly keys: string;
  readonly repr: string;
  readonly eval?: readonly string[];
  readonly train?: readonly string[];
  /** How far PyTorch is from itself in training, with and without oneDNN. */
  readonly noise?: number;
}
const rows: Row[] = readFileSync(new URL("../../fixtures/pytorch/zoo.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);
const sha = (text: string) => createHash("sha256").update(text).digest("hex");

/** One a family, the smallest. */
const CHOSEN = [
  ...["alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s", "googlenet", "inception_v3"],
  ...["maxvit_t", "mnasnet0_5", "mobilenet_v2", "mobilenet_v3_small", "regnet_x_400mf", "regnet_y_400mf", "resnet18"],
  ...["resnet50", "resnext50_32x4d", "shufflenet_v2_x0_5", "squeezenet1_1", "swin_t", "swin_v2_t", "vgg11", "vit_b_32"],
];
const all = process.env.CANDLEWICK_ZOO === "all";

describe("keys, sizes and printed forms", () => {
  afterEach(() => vi.restoreAllMocks());

  test("of all 80", () => {
    // Only the shapes matter: zeros in the place of random numbers.
    for (const name of ["uniform_", "normal_"] as const) vi.spyOn(native, name).mockImplementation(native.zero_);
    expect(models.listModels()).toEqual(rows.map(({ name }) => name));
    for (const { name, params, keys, repr } of rows) {
      const model = models.getModel(name) as torch.nn.AnyModule;
      const state = Object.entries(model.stateDict()).map(([key, x]) => `${key}:[${x.shape.join(", ")}]`);
      const found = [
        name,
        model.parameters().reduce((n, p) => n + p.numel(), 0),
        sha(state.join("\n")),
        sha(`${model}`),
      ];
      expect(found).toEqual([name, params, keys, repr]);
      for (const tensor of [...model.parameters(), ...model.buffers()]) tensor.dispose();
    }
  }, 300_000);
});

describe("logits of seeds", () => {
  const decoded = (text: string): Float32Array => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
  /** The largest difference, as a part of the largest logit. */
  const apart = (x: torch.Tensor, text: string): number => {
    const [got, want] = [x.flatten().toTypedArray("float32"), decoded(text)];
    const largest = want.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-30);
    return want.reduce((m, v, i) => Math.max(m, Math.abs((got[10 * i] ?? Number.NaN) - v)), 0) / largest;
  };
  const outputs = (model: torch.nn.AnyModule, name: string, batch: number): torch.Tensor[] => {
    const size = name === "inception_v3" && model.training ? 299 : 224;
    torch.manualSeed(1);
    const x = torch.rand(batch, 3, size, size);
    const y: unknown = torch.noGrad(() => Reflect.apply(model.forward, model, [x]));
    const list = torch.isTensor(y) ? [y] : [...(y as torch.vision.models.NamedOutput)];
    return list.filter(torch.isTensor) as torch.Tensor[];
  };

  for (const row of rows.filter(({ name, eval: logits }) => logits !== undefined && (all || CHOSEN.includes(name)))) {
    test(row.name, () => {
      torch.manualSeed(0);
      const model = (models.getModel(row.name) as torch.nn.AnyModule).eval();
      for (const [i, y] of outputs(model, row.name, 1).entries())
        expect(apart(y, row.eval?.[i] ?? "")).toBeLessThan(1e-4);
      const trained = outputs(model.train(), row.name, 2);
      expect(trained.length).toBe(row.train?.length);
      const tolerance = Math.max(1e-4, 2 * (row.noise ?? 0));
      for (const [i, y] of trained.entries()) expect(apart(y, row.train?.[i] ?? "")).toBeLessThan(tolerance);
      for (const tensor of [...model.parameters(), ...model.buffers()]) tensor.dispose();
    }, 120_000);
  }
});
