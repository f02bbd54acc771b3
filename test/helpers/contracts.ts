/** The contracts of operations and layers: one call compares one with PyTorch in every respect. */
import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { cosines, decode, expectTensor, fixture, type JsonTensor, type JsonValue, toTensor } from "./fixtures.js";

/** One call of an operation, and what PyTorch gives. */
export interface OpCase {
  op: string;
  args: JsonValue[];
  out: JsonTensor[];
  grads: (JsonTensor | null)[] | null;
}

const ops = fixture<OpCase[]>("ops.json");

/** The names of all operations that have cases. */
export const opNames = [...new Set(ops.map((c) => c.op))];

function resolve(path: string): (...args: unknown[]) => unknown {
  let value: unknown = torch;
  for (const key of path.split("."))
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof value !== "function") throw new Error(`no function torch.${path}`);
  return value as (...args: unknown[]) => unknown;
}

function outputs(value: unknown): torch.Tensor[] {
  if (torch.isTensor(value)) return [value];
  return [...(value as Iterable<torch.Tensor>)];
}

/** Value, dtype, shape and gradient of every case of an operation. */
export function opContract(op: string, cases: readonly OpCase[] = ops): void {
  cases
    .filter((c) => c.op === op)
    .forEach((c, n) => {
      test(`${op} ${n}`, () => {
        const leaves: torch.Tensor[] = [];
        const args = c.args.map((arg) => decode(arg, leaves));
        const out = outputs(resolve(op)(...args));
        expect(out.length).toBe(c.out.length);
        c.out.forEach((want, i) => {
          const got = out[i];
          if (got !== undefined) expectTensor(got, want, `output ${i}`);
        });
        if (c.grads === null) return;
        const first = out.find((y) => y.isFloatingPoint());
        if (first === undefined) throw new Error("no floating output");
        first.backward(cosines(first));
        c.grads.forEach((want, i) => {
          const got = leaves[i]?.grad ?? null;
          if (want === null) expect(got).toBeNull();
          else if (got === null) expect.fail(`gradient ${i} is missing`);
          else expectTensor(got, want, `gradient ${i}`);
        });
      });
    });
}

interface Run {
  out: JsonTensor;
  gradInput: JsonTensor;
  grads: Record<string, JsonTensor>;
}

/** One layer on one input, and what PyTorch gives. */
export interface LayerCase {
  layer: string;
  args: JsonValue[];
  options: Record<string, JsonValue>;
  repr: string;
  state: Record<string, JsonTensor>;
  input: JsonTensor;
  train: Run;
  eval: Run;
  after: Record<string, JsonTensor>;
}

const layers = fixture<LayerCase[]>("layers.json");

/** The names of all layers that have cases. */
export const layerNames = [...new Set(layers.map((c) => c.layer))];

function build(c: LayerCase): torch.nn.Layer {
  const Class: unknown = Reflect.get(torch.nn, c.layer);
  if (typeof Class !== "function") throw new Error(`no layer nn.${c.layer}`);
  const options = Object.keys(c.options).length > 0 ? [decode(c.options)] : [];
  return Reflect.construct(Class, [...c.args.map((arg) => decode(arg)), ...options]);
}

function expectState(layer: torch.nn.Layer, expected: Record<string, JsonTensor>): void {
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(expected));
  for (const [key, want] of Object.entries(expected)) {
    const got = state[key];
    if (got !== undefined) expectTensor(got, want, key, { rtol: 1e-6 });
  }
}

/**
 * Initial values, printed form, output and gradients in both modes, statistics afterwards, round trip of the state,
 * float64, a non-contiguous input.
 */
export function layerContract(name: string, cases: readonly LayerCase[] = layers): void {
  cases
    .filter((c) => c.layer === name)
    .forEach((c, n) => {
      test(`${name} ${n} starts, prints and keeps its state as PyTorch`, () => {
        torch.manualSeed(0);
        const layer = build(c);
        expectState(layer, c.state);
        expect(String(layer)).toBe(c.repr);
        const twin = build(c);
        expect(String(twin.loadStateDict(layer.stateDict()))).toBe("<All keys matched successfully>");
        expectState(twin, c.state);
      });

      test(`${name} ${n} computes as PyTorch`, () => {
        torch.manualSeed(0);
        const layer = build(c);
        torch.manualSeed(1);
        torch.randn(c.input.shape);
        for (const mode of ["train", "eval"] as const) {
          layer.train(mode === "train");
          layer.zeroGrad();
          const leaf = toTensor(c.input).requiresGrad_();
          const y = layer.forward(leaf.clone());
          expectTensor(y, c[mode].out, `${mode} output`);
          y.backward(cosines(y));
          if (leaf.grad === null) expect.fail("no gradient of the input");
          else expectTensor(leaf.grad, c[mode].gradInput, `${mode} input gradient`);
          for (const [key, want] of Object.entries(c[mode].grads)) {
            const { grad } = layer.getParameter(key);
            if (grad === null) expect.fail(`no gradient of ${key}`);
            else expectTensor(grad, want, `${mode} gradient of ${key}`);
          }
        }
        expectState(layer, c.after);
      });

      test(`${name} ${n} takes float64 and non-contiguous inputs`, () => {
        torch.manualSeed(0);
        const layer = build(c).eval();
        layer.loadStateDict(Object.fromEntries(Object.entries(c.after).map(([key, value]) => [key, toTensor(value)])));
        const x = toTensor(c.input);
        const last = x.ndim - 1;
        const strided = x.transpose(0, last).contiguous().transpose(0, last);
        expectTensor(layer.forward(strided), c.eval.out, "non-contiguous");
        const y = layer.to("float64").forward(toTensor(c.input).double());
        expectTensor(y, { ...c.eval.out, dtype: "float64" }, "float64");
      });
    });
}
