/** The code of the documentation: every TypeScript block compiles under strict and runs, every JavaScript block runs. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = promisify(execFile);
/** The lines that the guide says once. */
const PRELUDE = `import * as torch from "candlewick";
const { nn, optim, data, vision } = torch;
const F = nn.functional;
export {};
`;

function blocks(file: string): { name: string; kind: string; code: string }[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^```(ts|js)\n(.*?)^```$/gms)].map(([, kind = "", code = ""], i) => {
    const line = text.slice(0, text.indexOf(code)).split("\n").length;
    return { name: `${file.replace(/\W/g, "-")}-${i}-line-${line}`, kind, code };
  });
}

describe.each(["docs/from-pytorch.md", "README.md"])("%s", (file) => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-docs-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/candlewick"), "dir");
  symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const list = blocks(file);
  for (const { name, kind, code } of list) {
    writeFileSync(join(folder, `${name}.${kind}`), code.includes("import * as torch") ? code : PRELUDE + code);
  }

  test("compiles", { timeout: 120_000 }, async () => {
    const options = {
      target: "ES2023",
      lib: ["ES2023", "esnext.disposable"],
      module: "NodeNext",
      moduleResolution: "NodeNext",
      strict: true,
      noUncheckedIndexedAccess: true,
      types: ["node"],
      outDir: "out",
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    const result = await run(join(root, "node_modules/.bin/tsc"), ["-p", folder], { cwd: folder }).catch(
      (error) => error,
    );
    expect(String(result.stdout)).toBe("");
  });

  test.each(list)("$name runs", { timeout: 120_000 }, async ({ name, kind }) => {
    const program = kind === "ts" ? join(folder, "out", `${name}.js`) : join(folder, `${name}.js`);
    await run(process.execPath, ["--no-warnings", program], { cwd: folder });
  });
});
