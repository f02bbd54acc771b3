/** Rules of crates/node that the compiler does not hold. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const crates = fileURLToPath(new URL("../crates/", import.meta.url));
const sources = readdirSync(crates, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".rs"))
  .map((file) => ({ file, text: readFileSync(crates + file, "utf8") }));

test("every exported function catches panics", () => {
  const exports = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/#\[napi(?:\(([^\]]*)\))?\]\s*(?:pub fn|pub async fn) (\w+|\$name)/g)].map((m) => ({
      file,
      name: m[2],
      options: m[1],
    })),
  );
  expect(exports.length).toBeGreaterThan(100);
  expect(exports.filter(({ options }) => !options?.includes("catch_unwind"))).toEqual([]);
});

test("crates/node alone exports to JavaScript", () => {
  const others = sources.filter(({ file, text }) => !file.startsWith("node") && /#\[napi|use napi/.test(text));
  expect(others.map(({ file }) => file)).toEqual([]);
});

test("crates above the kernels instantiate none of their generic loops", () => {
  const loops = /\bsimd::(dispatch|with_level)|\bimpl\b.*\bKernel for|\bmemory::scratch|\bkernels::(vector|raw)\b/;
  const above = sources.filter(({ file, text }) => /^(tensor|layers|optim|node).src/.test(file) && loops.test(text));
  expect(above.map(({ file }) => file)).toEqual([]);
});
