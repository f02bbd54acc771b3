/**
 * Holds this library to PyTorch's own test samples, with PyTorch's answers.
 *
 *   npm run conformance                        all samples of test/fixtures/pytorch
 *   npm run conformance -- --only conv2d       one name (or several, with commas), with every failure
 *   npm run conformance -- --ops FILE --modules FILE      other samples, JSON lines, gzipped or not
 *   npm run conformance -- --json              ends with a line of JSON: the totals
 */
import { parseArgs } from "node:util";
import { nameIn, runAll } from "./pool.js";
import { countOf, formatCount, table } from "./report.js";
import type { Outcome } from "./sample.js";
import { fixtureFile, lines } from "./samples.js";

const { values: given } = parseArgs({
  options: {
    ops: { type: "string" },
    modules: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const only = given.only?.split(",").map((name) => name.trim());

/** Names match in full or by what follows the last dot: `conv2d` is `nn.functional.conv2d`. */
function wanted(line: string): boolean {
  if (only === undefined) return true;
  const name = nameIn(line);
  return only.some((one) => name === one || name.endsWith(`.${one}`));
}

async function run(title: string, file: string | URL): Promise<Outcome[]> {
  const outcomes = await runAll(lines(file).filter(wanted));
  if (outcomes.length > 0) console.log([title, ...table(outcomes, only !== undefined), ""].join("\n"));
  return outcomes;
}

const started = performance.now();
const ops = await run("OPERATIONS", given.ops ?? fixtureFile("ops.jsonl.gz"));
const modules = await run("MODULES", given.modules ?? fixtureFile("modules.jsonl.gz"));

const listed = new Set(lines(fixtureFile("listed.txt")));
const wont = new Set(lines(fixtureFile("wont.txt")));
const total = (title: string, outcomes: readonly Outcome[]) =>
  console.log(`${title.padEnd(36)} ${formatCount(countOf(outcomes))}`);
total("operations", ops);
total(
  "  of the listed names",
  ops.filter(({ name }) => listed.has(name)),
);
total(
  "  without names that may stay out",
  ops.filter(({ name }) => !wont.has(name)),
);
total("modules", modules);
console.log(`in ${((performance.now() - started) / 1000).toFixed(1)} s`);
if (given.json) console.log(JSON.stringify({ ops: countOf(ops), modules: countOf(modules) }));
