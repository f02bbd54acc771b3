/** One sample of a module: construction, initial state, forward, gradients, printed form. */
import * as torch from "candlewick";
import { backward, compareGradients, compareOne, compareOutputs } from "./gradients.js";
import { isObject, type Json, type JsonObject } from "./json.js";
import { classAt } from "./names.js";
import { argumentList, byPosition, type Call } from "./signatures.js";
import { decodeEntries, decodeList, tensorsOf } from "./values.js";

/** Runs a sample; gives the reason of failure, null for success. What the module throws passes through. */
export function runModule(sample: JsonObject): string | null {
  if (!Array.isArray(sample.out)) return "the sample has no outputs";
  const named = forwardOf(sample, []);
  if (Object.keys(named.kwargs).length === 0) return attempt(sample, (call) => call);
  // A forward with names takes them as PyTorch does, or has the same arguments by position.
  let reason: string;
  try {
    const first = attempt(sample, (call) => call);
    if (first === null) return null;
    reason = first;
  } catch (error) {
    reason = String(error);
  }
  const name = String(sample.module);
  if (byPosition(name, named) === null) return reason;
  return attempt(sample, (call) => byPosition(name, call) ?? call);
}

function forwardOf(sample: JsonObject, leaves: torch.Tensor[]): Call {
  const [args, kwargs] = Array.isArray(sample.forward) ? sample.forward : [];
  return { args: decodeList(args, leaves), kwargs: decodeEntries(kwargs, leaves) };
}

function construct(sample: JsonObject): torch.nn.AnyModule {
  const [args, kwargs] = Array.isArray(sample.ctor) ? sample.ctor : [];
  const Class = classAt(torch, String(sample.module));
  const call: Call = { args: decodeList(args, []), kwargs: decodeEntries(kwargs, []) };
  const list = argumentList(call);
  torch.manualSeed(0);
  const module = new Class(...list);
  if (module instanceof torch.nn.Module) return module;
  throw new TypeError("the class is no Module");
}

function compareState(module: torch.nn.AnyModule, expected: Json | undefined): string | null {
  if (!isObject(expected)) return null;
  const state = module.stateDict();
  const keys = Object.keys(expected);
  if (String(Object.keys(state)) !== String(keys)) {
    return `state: expected keys ${keys.join(" ")}, received ${Object.keys(state).join(" ")}`;
  }
  for (const [key, want] of Object.entries(expected)) {
    const reason = compareOne("", `state ${key}`, state[key] ?? null, want);
    if (reason !== null) return reason;
  }
  return null;
}

function attempt(sample: JsonObject, form: (call: Call) => Call): string | null {
  const module = construct(sample);
  const wrong = compareState(module, sample.state);
  if (wrong !== null) return wrong;
  const leaves: torch.Tensor[] = [];
  const call = argumentList(form(forwardOf(sample, leaves)));
  module.train(sample.training === true);
  torch.manualSeed(1);
  const out = tensorsOf(Reflect.apply(module.forward, module, call));
  const { reason } = compareOutputs("", out, Array.isArray(sample.out) ? sample.out : []);
  return reason ?? gradients(module, sample, out, leaves) ?? repr(module, sample.repr);
}

function gradients(
  module: torch.nn.AnyModule,
  sample: JsonObject,
  out: readonly torch.Tensor[],
  leaves: readonly torch.Tensor[],
): string | null {
  const { grads, pgrads } = sample;
  if (!Array.isArray(grads) && !Array.isArray(pgrads)) return null;
  const reason = backward(out, null) ?? (Array.isArray(grads) ? compareGradients("", "gradient", leaves, grads) : null);
  if (reason !== null || !Array.isArray(pgrads)) return reason;
  return compareGradients("", "gradient of parameter", module.parameters(), pgrads);
}

/** Compared last: a lazy module prints its sizes once it has seen an input. */
function repr(module: torch.nn.AnyModule, expected: Json | undefined): string | null {
  if (typeof expected !== "string" || String(module) === expected) return null;
  return `repr: expected ${JSON.stringify(expected)}, received ${JSON.stringify(String(module))}`;
}
