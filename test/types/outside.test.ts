/** The types as a project outside sees them, through the package's own exports. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

test.each(["NodeNext", "Bundler"])("compile under strict, moduleResolution %s", async (resolution) => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/candlewick"), "dir");
  symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"), "dir");
  cpSync(join(root, "test/types/outside/program.ts"), join(folder, "program.ts"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const options = {
    target: "ES2023",
    lib: ["ES2023", "esnext.disposable"],
    module: resolution === "NodeNext" ? "NodeNext" : "ESNext",
    moduleResolution: resolution,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: false,
    types: ["node"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["program.ts"] }));
  const tsc = join(root, "node_modules/.bin/tsc");
  const result = await run(tsc, ["-p", folder], { cwd: folder }).catch((error) => error);
  expect(String(result.stdout)).toBe("");
});
