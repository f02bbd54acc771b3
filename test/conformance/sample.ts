/** Any sample, from its line of JSON to its outcome. Nothing that a sample holds makes it throw. */
import { rules } from "./compare.js";
import { isObject, type JsonObject, parseJson } from "./json.js";
import { runModule } from "./modules.js";
import { NotHere } from "./names.js";
import { runOp } from "./ops.js";
import { dtypesOf } from "./tensor-json.js";

/** What became of a sample. */
export interface Outcome {
  name: string;
  status: "passed" | "failed" | "not here" | "skipped";
  /** Why it failed. */
  reason: string;
}

/** Runs a sample of an operation or of a module. */
export function runSample(line: string): Outcome {
  let name = "(unreadable)";
  try {
    const sample = parseJson(line);
    if (!isObject(sample)) throw new SyntaxError("expected an object");
    name = nameOf(sample);
    if (dtypesOf(sample).some((dtype) => rules.skip_dtypes.includes(dtype))) return outcome(name, "skipped", "");
    const reason = "module" in sample ? runModule(sample) : runOp(sample);
    return reason === null ? outcome(name, "passed", "") : outcome(name, "failed", reason);
  } catch (error) {
    if (error instanceof NotHere) return outcome(name, "not here", error.message);
    return outcome(name, "failed", error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function outcome(name: string, status: Outcome["status"], reason: string): Outcome {
  return { name, status, reason };
}

/** The name of a sample's operation or module. */
function nameOf(sample: JsonObject): string {
  return String(sample.op ?? sample.module ?? "(nameless)");
}
