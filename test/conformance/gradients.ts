/** Outputs and gradients of a call against a sample's. */
import * as torch from "candlewick";
import { compare, type Got } from "./compare.js";
import type { Json } from "./json.js";
import { isTensorJson } from "./tensor-json.js";

/** What is compared of a tensor. */
export function gotOf(x: torch.Tensor): Got {
  return { shape: x.shape, dtype: x.dtype, values: x.detach().toTypedArray() };
}

/** Why a tensor, or its absence, is not the expected one; null if it is. */
export function compareOne(name: string, what: string, got: torch.Tensor | null, want: Json): string | null {
  if (!isTensorJson(want)) return got === null ? null : `${what}: expected none`;
  return got === null ? `${what}: missing` : compare(name, what, gotOf(got), want).reason;
}

/**
 * Compares all outputs. On success `signs` is the sign that each element of the first floating output was taken with (null
 * as they are).
 */
export function compareOutputs(
  name: string,
  out: readonly torch.Tensor[],
  expected: readonly Json[],
): { reason: string | null; signs: number[] | null } {
  if (out.length !== expected.length) {
    return { reason: `expected ${expected.length} outputs, received ${out.length}`, signs: null };
  }
  let seed: number[] | null | undefined;
  for (const [i, x] of out.entries()) {
    const want = expected[i];
    if (!isTensorJson(want)) return { reason: `output ${i}: not a tensor in the sample`, signs: null };
    const { reason, signs } = compare(name, out.length > 1 ? `output ${i}` : "output", gotOf(x), want);
    if (reason !== null) return { reason, signs: null };
    if (seed === undefined && x.isFloatingPoint()) seed = signs;
  }
  return { reason: null, signs: seed ?? null };
}

/** Runs backward from the first floating output with the gradient cos(0), cos(1), cos(2), ... Gives a reason of failure. */
export function backward(out: readonly torch.Tensor[], signs: readonly number[] | null): string | null {
  const y = out.find((x) => x.isFloatingPoint());
  if (y === undefined) return "gradient: no floating output";
  if (!y.requiresGrad) return "gradient: the output does not require one";
  const values = Float64Array.from({ length: y.numel() }, (_, i) => Math.cos(i) * (signs?.[i] ?? 1));
  y.backward(torch.fromTypedArray(values, y.shape).to(y.dtype));
  return null;
}

/**
 * Compares the gradients of leaves. A sample may have fewer gradients than tensors that want one, because a tensor was no
 * leaf where PyTorch made it; then they belong to some of them, in order.
 */
export function compareGradients(
  name: string,
  what: string,
  leaves: readonly torch.Tensor[],
  expected: readonly Json[],
): string | null {
  if (leaves.length < expected.length) {
    return `${what}: expected ${expected.length} leaves, received ${leaves.length}`;
  }
  let spare = leaves.length - expected.length;
  let at = 0;
  for (const [i, want] of expected.entries()) {
    const compareAt = () => compareOne(name, `${what} ${i}`, leaves[at++]?.grad ?? null, want);
    const first = compareAt();
    let reason = first;
    for (; reason !== null && spare > 0; spare--) reason = compareAt();
    if (reason !== null) return first;
  }
  return null;
}
