/** Reading PyTorch's answers (test/fixtures/ts/*.json, made by test/fixtures/generate.py) and comparing with them. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import * as torch from "../../lib/index.js";

/** A number of a fixture: JSON has no NaN. */
export type JsonNumber = number | boolean | { f: string };

/** A tensor of a fixture. */
export interface JsonTensor {
  t: JsonNumber[];
  shape: number[];
  dtype: torch.DType;
  grad: boolean;
}

export type JsonValue = JsonNumber | string | null | JsonTensor | JsonValue[] | { [key: string]: JsonValue };

/** The contents of a fixture file. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/ts/${name}`, import.meta.url), "utf8"));
}

function isJsonTensor(value: unknown): value is JsonTensor {
  return typeof value === "object" && value !== null && "t" in value && "shape" in value;
}

function toNumber(value: JsonNumber): number {
  if (typeof value !== "object") return Number(value);
  return value.f === "nan" ? Number.NaN : value.f === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** The tensor of a fixture. */
export function toTensor(json: JsonTensor): torch.Tensor {
  const values = Float64Array.from(json.t, toNumber);
  const x = torch.fromTypedArray(values, json.shape).to(json.dtype);
  return json.grad ? x.detach().requiresGrad_() : x;
}

/** Arguments of a fixture: tensors become tensors, and are collected in `leaves` when they need a gradient. */
export function decode(value: JsonValue, leaves: torch.Tensor[] = []): unknown {
  if (isJsonTensor(value)) {
    const x = toTensor(value);
    if (x.requiresGrad) leaves.push(x);
    return x;
  }
  if (Array.isArray(value)) return value.map((item) => decode(item, leaves));
  if (typeof value !== "object" || value === null) return value;
  if ("f" in value && typeof value.f === "string") return toNumber({ f: value.f });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, leaves)]));
}

/** How far a value may be from PyTorch's. */
export interface Tolerance {
  rtol?: number;
  /** Relative to the largest expected magnitude. */
  atol?: number;
}

/** Compares a tensor with PyTorch's: shape, dtype, values. */
export function expectTensor(
  got: torch.Tensor,
  expected: JsonTensor,
  what = "",
  { rtol = 1e-4, atol = 1e-5 }: Tolerance = {},
): void {
  expect(got.shape, `${what} shape`).toEqual(expected.shape);
  expect(got.dtype, `${what} dtype`).toBe(expected.dtype);
  const values = Array.from(got.toTypedArray(), Number);
  const wanted = expected.t.map(toNumber);
  const finite = wanted.filter(Number.isFinite).map(Math.abs);
  const scale = finite.length === 0 ? 0 : Math.max(...finite);
  wanted.forEach((want, i) => {
    const value = values[i] ?? Number.NaN;
    const close =
      Object.is(value, want) || value === want || Math.abs(value - want) <= atol * scale + rtol * Math.abs(want);
    if (!close) expect.fail(`${what}[${i}]: expected ${want}, received ${value}`);
  });
}

/** cos(0), cos(1), cos(2), ...: the gradient that fixtures give an output. */
export function cosines(y: torch.Tensor): torch.Tensor {
  const values = Float64Array.from({ length: y.numel() }, (_, i) => Math.cos(i));
  return torch.fromTypedArray(values, y.shape).to(y.dtype);
}
