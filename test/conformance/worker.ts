/** A process that runs samples for run.ts, one message each, so that not even a crash of the addon ends the run. */
import { runSample } from "./sample.js";

process.on("message", (line: string) => {
  process.send?.(runSample(line));
});
process.send?.("ready");
