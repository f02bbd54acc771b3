/** Runs a TypeScript program of this repository after setting up what is missing: `node scripts/run.mjs FILE [ARG ...]`. */
import { run, setup } from "./setup.mjs";

setup();
run(process.execPath, ["--import", "tsx", ...process.argv.slice(2)]);
