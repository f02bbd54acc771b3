/** Metrics give torchmetrics' values: of each batch, of all, and as functions (test/fixtures/metrics.py). */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as torch from "candlewick";
import { describe, expect, test } from "vitest";
import { camelCase } from "../conformance/names.js";

const { metrics } = torch;

interface Numbers {
  readonly dtype: torch.DType;
  readonly shape: readonly number[];
  readonly data: readonly (number | boolean | string)[];
}
type Value = Numbers | readonly Value[];
interface Case {
  readonly name: string;
  readonly function: string;
  readonly options: Record<string, unknown>;
  readonly inputs: string;
  readonly repr: string;
  readonly forward: readonly Value[];
  readonly compute: Value;
  readonly value: Value;
}
interface Fixture {
  readonly inputs: Record<string, readonly (readonly Numbers[])[]>;
  readonly cases: readonly Case[];
  readonly reports: readonly { target: number[]; preds: number[]; options: Record<string, unknown>; text: string }[];
}
const path = new URL("../fixtures/pytorch/metrics.json.gz", import.meta.url);
const fixture = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Fixture;

const numberOf = (v: number | boolean | string) => (v === "inf" ? Infinity : v === "-inf" ? -Infinity : Number(v));
const tensorOf = ({ dtype, shape, data }: Numbers) =>
  torch.fromTypedArray(Float64Array.from(data, numberOf), shape, { dtype });
const isNumbers = (value: Value): value is Numbers => !Array.isArray(value);

/** What is different; nothing where all is equal. */
function different(got: unknown, want: Value): string | undefined {
  if (!isNumbers(want)) {
    if (!Array.isArray(got) || got.length !== want.length) return `expected ${want.length} values, received ${got}`;
    return want.map((one, i) => different(got[i], one)).find((text) => text !== undefined);
  }
  if (!torch.isTensor(got)) return `expected a tensor, received ${String(got)}`;
  const x = got as torch.Tensor;
  if (x.dtype !== want.dtype || x.shape.join() !== want.shape.join()) {
    return `expected ${want.dtype} [${want.shape}], received ${x.dtype} [${x.shape}]`;
  }
  const values = x.flatten().tolist() as number[];
  const far = want.data.findIndex((v, i) => {
    const [a, b] = [Number(values[i]), numberOf(v)];
    return !(Object.is(a, b) || a === b || Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b)));
  });
  return far < 0 ? undefined : `at ${far}: expected ${want.data[far]}, received ${values[far]}`;
}

const byName = new Map<string, Case[]>();
for (const one of fixture.cases) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);

describe("torchmetrics' values", () => {
  for (const [name, cases] of byName) {
    test(`${name} (${cases.length} cases)`, () => {
      const wrong: string[] = [];
      for (const one of cases) {
        const options = Object.fromEntries(Object.entries(one.options).map(([key, value]) => [camelCase(key), value]));
        const batches = (fixture.inputs[one.inputs] ?? []).map(([p, t]) => [
          tensorOf(p as Numbers),
          tensorOf(t as Numbers),
        ]);
        const told = (what: string, text: string | undefined) => {
          if (text !== undefined) wrong.push(`${what} ${one.inputs} ${JSON.stringify(one.options)}: ${text}`);
        };
        try {
          const metric = Reflect.construct(Reflect.get(metrics, name), [options]) as torch.metrics.Metric;
          expect(String(metric)).toBe(one.repr);
          batches.forEach(([p, t], i) => {
            told(
              `forward ${i}`,
              different(metric.forward(p as torch.Tensor, t as torch.Tensor), one.forward[i] as Value),
            );
          });
          told("compute", different(metric.compute(), one.compute));
          const f: unknown = Reflect.get(metrics.functional, camelCase(one.function));
          const known = one.function.endsWith("corrcoef") && !one.function.includes("matthews") ? {} : options;
          told(
            "function",
            different(Reflect.apply(f as () => unknown, undefined, [...(batches[0] ?? []), known]), one.value),
          );
        } catch (error) {
          told("error", error instanceof Error ? error.message : String(error));
        }
      }
      expect(wrong.slice(0, 12)).toEqual([]);
    });
  }
});

test("the report is scikit-learn's table", () => {
  for (const { target, preds, options, text } of fixture.reports) {
    const o = Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
    expect(metrics.classificationReport(torch.tensor(target), torch.tensor(preds), o)).toBe(text);
  }
});
