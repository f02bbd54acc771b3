/** Runs a TypeScript program of this repository after setting up what is missing: `node scripts/run.mjs FILE [ARG ...]`. */
import { run, setup } from "./setup.mjs";

setup();
run("npx", ["--no-install", "tsx", ...process.argv.slice(2)]);
