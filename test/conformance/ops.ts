/** One sample of an operation: call, outputs, gradients. */
import * as torch from "candlewick";
import { invoke, seedOf } from "./adapters.js";
import { backward, compareGradients, compareOutputs } from "./gradients.js";
import type { JsonObject } from "./json.js";
import { type Call, withTypedScalars } from "./signatures.js";
import { decode, decodeEntries, decodeList, tensorsOf } from "./values.js";

/** Runs a sample; gives the reason of failure, null for success. What the operation throws passes through. */
export function runOp(sample: JsonObject): string | null {
  if (!Array.isArray(sample.out)) return "the sample has no outputs";
  const op = String(sample.op);
  const typed = decodeCall(sample);
  const call = withTypedScalars(op, typed.call, (value) => torch.scalar(value, "float32"));
  if (call !== null) {
    // A Scalar whose kind makes no difference need not be accepted in this form.
    try {
      return run(op, sample, call, typed.leaves);
    } catch {}
  }
  const { call: plain, leaves } = decodeCall(sample);
  return run(op, sample, plain, leaves);
}

/** A sample's call, and its leaves. */
export function decodeCall(sample: JsonObject): { call: Call; leaves: torch.Tensor[] } {
  const leaves: torch.Tensor[] = [];
  const input = decode(sample.input ?? null, leaves);
  const args = decodeList(sample.args, leaves);
  return { call: { args: [input, ...args], kwargs: decodeEntries(sample.kwargs, leaves) }, leaves };
}

function run(op: string, sample: JsonObject, call: Call, leaves: readonly torch.Tensor[]): string | null {
  torch.manualSeed(seedOf(op));
  return check(op, sample, invoke(op, String(sample.variant ?? ""), call), leaves);
}

function check(op: string, sample: JsonObject, result: unknown, leaves: readonly torch.Tensor[]): string | null {
  const tensors = tensorsOf(result);
  const expected = Array.isArray(sample.out) ? sample.out : [];
  const { reason, signs } = compareOutputs(op, tensors, expected);
  if (reason !== null || !Array.isArray(sample.grads)) return reason;
  return backward(tensors, signs) ?? compareGradients(op, "gradient", leaves, sample.grads);
}
