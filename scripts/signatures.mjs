/**
 * Writes lib/signatures.ts: PyTorch's argument names and types, for the functions that byName makes and for Tensor's methods.
 *
 *   npm run signatures
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/pytorch/signatures.json"), "utf8"));
const sources = readdirSync(join(root, "lib"), { recursive: true })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => [`lib/${file}`, readFileSync(join(root, "lib", file), "utf8")]);

const camel = (name) => name.replace(/(?<=[^_])_+([a-zA-Z0-9])/g, (_, letter) => letter.toUpperCase());
const key = (path) => path.split(".").map(camel).join(".");

/** The words of the table for those of the schemas. */
const WORDS = {
  Tensor: "Tensor",
  number: "Scalar",
  float: "number",
  int: "int",
  bool: "bool",
  str: "str",
  Device: "Device",
  Generator: "Generator",
  "List[int]": "ints",
  "List[Tensor]": "Tensors",
};

/** What is annotated as one number and may be one for each group. */
const PER_GROUP = new Set(["swa_lr"]);

function typeOf(name, type) {
  if (PER_GROUP.has(name)) return "any";
  // Lazy convolutions take "same" and "valid" too, whatever they are annotated with.
  if (name === "padding" && type.startsWith("List[int]")) return "ints|str";
  if (/dtype$/i.test(name) && /int|unknown/.test(type)) return "DType?";
  if (name === "device") return "Device?";
  if (name === "module" && type === "unknown") return "Module";
  const [, optional] = type.match(/^Optional\[(.*)\]$/) ?? [];
  const words = [...new Set((optional ?? type).split(" | ").map((part) => WORDS[part] ?? "any"))];
  return words.includes("any") ? "any" : words.join("|") + (optional === undefined ? "" : "?");
}

/** What by-name.ts drops from every call. */
const FOREIGN = new Set(["layout", "pin_memory", "memory_format", "out"]);

/**
 * One signature in the words of the table; what starts with an underscore is PyTorch's own business. The schemas of functions
 * that make tensors do not know `requires_grad`, which Python's binding adds.
 */
function line(signature) {
  const makes =
    signature.some((text) => text.startsWith("*pin_memory: Optional")) &&
    !signature.some((text) => text.startsWith("*requires_grad"));
  return (makes ? [...signature, "*requires_grad: bool"] : signature).flatMap((text) => {
    const [name, type] = text.replace(/^\*/, "").replace(/ = .*/, "").split(": ");
    if (name.startsWith("_") || FOREIGN.has(name)) return [];
    return [`${text.startsWith("*") ? "*" : ""}${camel(name)}: ${typeOf(name, type)}`];
  });
}

const positional = (signature) => signature.filter((text) => !text.startsWith("*"));
/** What goes by name only in one signature does in all. The longest comes first: the types of TypeScript follow it. */
function lines(overloads) {
  const bare = (text) => text.replace(/ = .*/, "");
  const starred = new Set(
    overloads
      .flat()
      .filter((text) => text.startsWith("*"))
      .map(bare),
  );
  const star = (text) => (starred.has(`*${bare(text)}`) ? `*${text}` : text);
  const all = overloads
    .map((signature) => line(signature.map(star)))
    .sort((a, b) => positional(b).length - positional(a).length || b.length - a.length);
  const texts = new Set(all.map((signature) => JSON.stringify(signature)));
  return [...texts].map((text) => JSON.parse(text));
}

const wanted = new Set(
  sources.flatMap(([, text]) =>
    [
      ...text.matchAll(/(?:byName|byNameBeside|unary|binary|blend|namedSplit|alias|copied|allCopied)\(\s*"([^"]+)"/g),
    ].map(([, name]) => name),
  ),
);
const functions = {};
for (const [path, overloads] of Object.entries(fixture.functions)) {
  if (wanted.delete(key(path))) functions[key(path)] = lines(overloads);
}
if (wanted.size > 0) throw new Error(`PyTorch has no signature of ${[...wanted].join(", ")}`);

/** The names of methods: the functions of lib/ops, and what the classes declare themselves. */
const here = new Set(
  sources.flatMap(([file, text]) => {
    const pattern = file.startsWith("lib/ops/")
      ? /^export (?:function|const) (\w+)|(?<= as )(\w+)\b/gm
      : /^ {2}(\w+)\(/gm;
    const declares = file.startsWith("lib/ops/") || file === "lib/tensor.ts" || file === "lib/tensor/base.ts";
    return declares ? [...text.matchAll(pattern)].map((m) => m[1] ?? m[2]) : [];
  }),
);
const methods = {};
// `add` comes before `add_`.
for (const [name, overloads] of Object.entries(fixture.methods).sort()) {
  const method = key(name);
  if (!here.has(method) && !here.has(method.slice(0, -1))) continue;
  const own = lines(overloads);
  const derived = (name) =>
    methods[name] ??
    functions[name]?.map((signature) => signature.slice(1)) ??
    (name.endsWith("_") ? derived(name.slice(0, -1)) : undefined);
  if (JSON.stringify(own) !== JSON.stringify(derived(method))) methods[method] = own;
}

/** The arguments of constructors by the name of the class, those of any type left out. */
const classes = {};
for (const [path, found] of [...Object.entries(fixture.modules), ...Object.entries(fixture.classes)]) {
  const own = line(found.init ?? found).filter((text) => !text.endsWith(": any") && !text.startsWith("..."));
  const declared =
    !path.startsWith("vision.") ||
    sources.some(([, text]) => new RegExp(`export class ${path.split(".").at(-1)}\\b`).test(text));
  if (declared && own.length > 0) classes[path.split(".").at(-1)] = own.map((text) => text.replace("*", ""));
}

/** What the forward methods of modules take. */
const forwards = {};
for (const [path, { forward }] of Object.entries(fixture.modules)) {
  const own = line(forward);
  if (own.length > 0 && own.every((text) => !text.startsWith("..."))) forwards[path.split(".").at(-1)] = own;
}

// The samples that the package ships take what the sets take that they are of.
for (const name of ["MNIST", "FashionMNIST"]) classes[`${name}Sample`] = classes[name];

const table = (entries) =>
  `{\n${Object.entries(entries)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`)
    .join("\n")}\n}`;
const file = join(root, "lib/signatures.ts");
writeFileSync(
  file,
  `/** PyTorch's arguments by function and by method, several signatures where there are. A star marks those that go by name only. */
// Written by \`npm run signatures\` from test/fixtures/pytorch/signatures.json.

/** Functions. */
export const FUNCTIONS = ${table(functions)} as const;

/** Methods of Tensor whose arguments are not those of the function behind the first. */
export const METHODS = ${table(methods)} as const;

/** Constructors, by the name of the class. */
export const CLASSES: Readonly<Record<string, readonly string[]>> = ${table(classes)};

/** The forward methods of modules, by the name of the class. */
export const FORWARDS: Readonly<Record<string, readonly string[]>> = ${table(forwards)};
`,
);
spawnSync("npx", ["--no-install", "biome", "format", "--write", file], { cwd: root, stdio: "inherit" });
