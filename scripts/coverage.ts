/**
 * `npm run coverage`: writes COVERAGE.md, what is here of PyTorch's and TorchVision's public names, and fails when fewer of
 * PyTorch's samples pass than test/conformance/passing.json says. `-- --raise` writes the present counts there.
 *
 * The samples with edge values (NaN, infinities, ties, half precision) that fail are explained in
 * test/conformance/edge-reasons.json, and no others may fail.
 *
 * The names are test/fixtures/pytorch/names.json, what passes is a conformance run, the reasons are coverage-reasons.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as torch from "candlewick";
import { camelPath, lookUp } from "../test/conformance/names.js";
import { runAll } from "../test/conformance/pool.js";
import { countOf, groupBy } from "../test/conformance/report.js";
import type { Outcome } from "../test/conformance/sample.js";
import { fixtureFile, lines } from "../test/conformance/samples.js";
import { document, type Section } from "./coverage-table.js";

interface Reasons {
  elsewhere: { how: string; names: string[] }[];
  willNot: { reason: string; names: string[] }[];
  notes: Record<string, string>;
}

const json = <T>(file: URL): T => JSON.parse(readFileSync(file, "utf8"));
const here = (name: string) => new URL(name, import.meta.url);
const PASSING = here("../test/conformance/passing.json");

const known = json<{ torch: string; torchvision: string; namespaces: Record<string, string> }>(
  fixtureFile("names.json"),
);
const reasons = json<Reasons>(here("coverage-reasons.json"));

/** Where a namespace of PyTorch's is in this library. */
const PLACES: Readonly<Record<string, string>> = {
  "torch.utils.data": "data",
  "torch.nn.utils.rnn": "nn.utils.rnn",
};

/** A pattern of the reasons: a star stands for any letters. */
function matches(pattern: string, namespace: string, name: string): boolean {
  const text = pattern.includes(".") ? `${namespace}.${name}` : name;
  const source = pattern.replace(/[.*]/g, (c) => (c === "." ? "\\." : "[A-Za-z0-9_]*"));
  return new RegExp(`^${source}$`).test(text);
}

function isHere(namespace: string, name: string): boolean {
  if (namespace === "torch.Tensor") return camelPath(name) in torch.Tensor.prototype;
  const place = PLACES[namespace] ?? namespace.replace(/^torchvision/, "vision").replace(/^torch\.?/, "");
  // Builders of models keep torchvision's spelling.
  const kept = isClass(name) || namespace === "torchvision.models";
  const at = (own: string) => [...(place === "" ? [] : camelPath(place).split(".")), own].join(".");
  return lookUp(torch, at(camelPath(name))) !== undefined || (kept && lookUp(torch, at(name)) !== undefined);
}

/** How a function of `torch` is here when it is no function of `torch`: as a method, or in nn.functional. */
function formOf(namespace: string, name: string): string | undefined {
  if (namespace !== "torch") return undefined;
  if (isHere("torch.Tensor", name)) return "methods of a tensor";
  return isHere("torch.nn.functional", name) ? "in `nn.functional`" : undefined;
}

const isClass = (name: string) => /^[A-Z]/.test(name);

/** The samples of a name: those of functions and methods have one name. */
function sampleName(namespace: string, name: string): string {
  const prefix = namespace === "torch" || namespace === "torch.Tensor" ? "" : `${namespace.replace(/^torch\./, "")}.`;
  return prefix + name;
}

/** The kind of a failure, without the numbers that differ from machine to machine. */
function kind(reason: string): string {
  const [first = ""] = reason.split("\n");
  return first
    .replace(/^(\w+) ?\d*\[\d+\]: expected .*/, "$1: other values")
    .replace(/^(gradient[^[]*)\[\d+\]: expected .*/, "$1: other values")
    .replaceAll("|", "\\|")
    .slice(0, 110);
}

function sectionOf(namespace: string, names: readonly string[], outcomes: ReadonlyMap<string, Outcome[]>): Section {
  const note = reasons.notes[namespace];
  const section: Section = { namespace, note, done: [], elsewhere: [], partial: [], notYet: [], willNot: [] };
  for (const name of names) {
    const of = (lists: readonly { names: string[] }[]) =>
      lists.findIndex((list) => list.names.some((pattern) => matches(pattern, namespace, name)));
    const [other, never] = [of(reasons.elsewhere), of(reasons.willNot)];
    const samples = outcomes.get(sampleName(namespace, name)) ?? [];
    const { passed, total } = countOf(samples);
    if (isHere(namespace, name)) {
      if (passed === total) section.done.push(name);
      else {
        const failed = samples.find(({ status }) => status === "failed" || status === "not here");
        section.partial.push({ name, passed, total, reason: kind(failed?.reason ?? "") });
      }
      continue;
    }
    const form = reasons.elsewhere[other]?.how ?? formOf(namespace, name);
    if (form !== undefined) section.elsewhere.push([form, name]);
    else if (never >= 0) section.willNot.push([reasons.willNot[never]?.reason ?? "", name]);
    else section.notYet.push(name);
  }
  return section;
}

const ops = await runAll(lines(fixtureFile("ops.jsonl.gz")));
const modules = await runAll(lines(fixtureFile("modules.jsonl.gz")));
const edges = await runAll(lines(fixtureFile("edges.jsonl.gz")));
const outcomes = groupBy([...ops, ...modules], ({ name }) => name);
const sections = Object.entries(known.namespaces).map(([namespace, names]) =>
  sectionOf(namespace, names.split(" ").filter(Boolean), outcomes),
);
const counts = { operations: countOf(ops), modules: countOf(modules), "edge values": countOf(edges) };
const edgeReasons = json<Record<string, string[]>>(here("../test/conformance/edge-reasons.json"));
writeFileSync(here("../COVERAGE.md"), document(known, counts, sections, edgeReasons));

const { values: given } = parseArgs({ options: { raise: { type: "boolean", default: false } } });
const floor = given.raise ? counts : json<typeof counts>(PASSING);
if (given.raise) writeFileSync(PASSING, `${JSON.stringify(counts, null, 2)}\n`);
for (const [what, { passed, total }] of Object.entries(counts)) {
  const least = floor[what as keyof typeof counts].passed;
  console.log(`${what}: ${passed} of ${total} samples pass; test/conformance/passing.json expects ${least}`);
  if (passed < least) process.exitCode = 1;
}
const explained = new Set(Object.values(edgeReasons).flat());
for (const { name, status, reason } of edges) {
  if (status === "passed" || status === "skipped" || explained.has(name)) continue;
  console.log(`edge values: ${name} fails, which test/conformance/edge-reasons.json does not explain: ${reason}`);
  process.exitCode = 1;
}
