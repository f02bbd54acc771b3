/** The cases of test/fixtures/dense.py: functions and layers whose random numbers, state and gradients are PyTorch's. */
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { camelPath } from "../conformance/names.js";
import { cosines, decode, expectTensor, fixture, type JsonTensor, type JsonValue } from "./fixtures.js";

interface FunctionCase {
  call: string;
  args: JsonValue[];
  options: Record<string, JsonValue>;
  out: JsonTensor[];
  grads: (JsonTensor | null)[];
}

interface LayerCase extends FunctionCase {
  inputs: JsonValue[];
  training: boolean;
  repr: string;
  state: Record<string, JsonTensor>;
  parameters: (JsonTensor | null)[];
  after: Record<string, JsonTensor>;
}

const groups = fixture<Record<string, (FunctionCase | LayerCase)[]>>("dense.json");

/** One test for each case of a group, which is named by the test's file. */
export function casesOf(group: string): void {
  describe("PyTorch's answers", () => {
    (groups[group] ?? []).forEach((c, i) => {
      test(`${c.call} ${i}`, () => ("repr" in c ? runLayer(c) : runFunction(c)));
    });
  });
}

function lookUp(path: string): unknown {
  let value: unknown = torch;
  for (const key of path.split(".")) value = Reflect.get(value as object, key);
  return value;
}

/** Arguments by position, and the options behind them if there are any. */
function listOf(c: FunctionCase, leaves: torch.Tensor[]): unknown[] {
  const front = c.args.map((arg) => decode(arg, leaves));
  return Object.keys(c.options).length === 0 ? front : [...front, decode(c.options, leaves)];
}

function runFunction(c: FunctionCase): void {
  const leaves: torch.Tensor[] = [];
  const args = listOf(c, leaves);
  torch.manualSeed(5);
  const y = Reflect.apply(lookUp(camelPath(c.call)) as () => torch.Tensor, undefined, args);
  compare(c, [y], leaves);
}

function runLayer(c: LayerCase): void {
  const args = listOf(c, []);
  torch.manualSeed(0);
  const layer = Reflect.construct(lookUp(c.call) as new () => torch.nn.Layer, args);
  expect(String(layer)).toBe(c.repr);
  expectState(layer, c.state);
  layer.train(c.training);
  const leaves: torch.Tensor[] = [];
  const inputs = c.inputs.map((input) => decode(input, leaves));
  torch.manualSeed(1);
  const y: unknown = Reflect.apply(layer.forward, layer, inputs);
  compare(c, torch.isTensor(y) ? [y] : [...(y as Iterable<torch.Tensor>)], leaves);
  expectGrads(layer.parameters(), c.parameters, "parameter");
  expectState(layer, c.after);
}

function compare(c: FunctionCase, out: torch.Tensor[], leaves: torch.Tensor[]): void {
  expect(out.length).toBe(c.out.length);
  c.out.forEach((want, i) => {
    expectTensor(out[i] as torch.Tensor, want, `output ${i}`);
  });
  const [first] = out;
  first?.backward(cosines(first));
  expectGrads(leaves, c.grads, "input");
}

function expectGrads(leaves: Iterable<torch.Tensor>, expected: (JsonTensor | null)[], what: string): void {
  const grads = Array.from(leaves, (leaf) => leaf.grad);
  expect(grads.length).toBe(expected.length);
  expected.forEach((want, i) => {
    const got = grads[i] ?? null;
    if (want === null || got === null) expect(got, `gradient of ${what} ${i}`).toBe(want);
    else expectTensor(got, want, `gradient of ${what} ${i}`);
  });
}

function expectState(layer: torch.nn.Layer, expected: Record<string, JsonTensor>): void {
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(expected));
  for (const [key, want] of Object.entries(expected)) expectTensor(state[key] as torch.Tensor, want, key);
}
