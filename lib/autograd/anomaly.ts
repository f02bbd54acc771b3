/** Anomaly detection: a gradient that fails, or is NaN, names the forward call that it goes back to. */
import { gradScopes, native, setForwardTrace } from "../native.js";

/** Files of this library, whose frames say nothing to its user. */
const OWN = new URL("..", import.meta.url).href;
/** Frames that a stack is searched through. */
const DEPTH = 40;

/** The stack of the running call, without our own frames. */
function callStack(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = limit;
  const own = new URL(OWN).pathname;
  const theirs = lines.filter((line) => !line.includes(OWN) && !line.includes(own));
  return (theirs.length > 0 ? theirs : lines).join("\n");
}

function trace(): void {
  setForwardTrace(callStack());
}

function set(on: boolean, checkNan: boolean): void {
  // The gate looks where calls come from as long as this counts as a scope.
  if (on !== (gradScopes.trace !== undefined)) gradScopes.alive += on ? 1 : -1;
  gradScopes.trace = on ? trace : undefined;
  native.setDetectAnomaly(on, checkNan);
}

/** Whether anomaly detection is on. */
export function isAnomalyEnabled(): boolean {
  return native.detectsAnomaly()[0] ?? false;
}

/** Whether it searches gradients for NaN. */
export function isAnomalyCheckNanEnabled(): boolean {
  return native.detectsAnomaly()[1] ?? false;
}

/**
 * Switches anomaly detection on or off from here on, for this isolate: every recorded operation then remembers the call that
 * made it, and backward raises at the first gradient that is NaN (unless `checkNan` is false). Slow; for debugging. The result
 * restores what was: `using _ = setDetectAnomaly(true)`.
 */
export function setDetectAnomaly(mode: boolean, checkNan = true): Disposable {
  const before = [isAnomalyEnabled(), isAnomalyCheckNanEnabled()] as const;
  set(mode, checkNan);
  return { [Symbol.dispose]: () => set(...before) };
}

/** {@link setDetectAnomaly} for a synchronous body, or until the end of a block: `using _ = detectAnomaly()`. */
export function detectAnomaly(options?: { checkNan?: boolean }): Disposable;
export function detectAnomaly<T>(body: () => T, options?: { checkNan?: boolean }): T;
export function detectAnomaly<T>(
  first: (() => T) | { checkNan?: boolean } = {},
  second: { checkNan?: boolean } = {},
): T | Disposable {
  if (typeof first !== "function") return setDetectAnomaly(true, first.checkNan ?? true);
  using _ = setDetectAnomaly(true, second.checkNan ?? true);
  return first();
}
