/**
 * PyTorch's warnings, with its texts: each once a process, by `process.emitWarning` with the type `UserWarning` and a code. Node's
 * `--no-warnings` silences them; `process.on("warning", ...)` hears them.
 */

const given = new Set<string>();

/** Warns, unless a warning of this code was given before. */
export function warnOnce(code: `CANDLEWICK_${string}`, message: string): void {
  if (given.has(code)) return;
  given.add(code);
  process.emitWarning(message, { type: "UserWarning", code });
}
