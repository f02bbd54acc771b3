/** The direction of imports: native <- tensor <- nn <- {optim, vision}; data never imports nn. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const LIB = fileURLToPath(new URL("../lib/", import.meta.url));

interface Import {
  from: string;
  to: string;
}

function imports(): Import[] {
  const files = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((from) => {
    const text = readFileSync(join(LIB, from), "utf8");
    return [...text.matchAll(/from "(\.[^"]*)"/g)].map(([, target = ""]) => ({
      from,
      to: relative(LIB, resolve(LIB, dirname(from), target)),
    }));
  });
}

const all = imports();
const inside = (folder: string) => (path: string) => path === `${folder}.js` || path.startsWith(`${folder}/`);

/** Which folders a folder must not import. */
const forbidden: Record<string, string[]> = {
  ops: ["nn", "optim", "data", "vision"],
  tensor: ["nn", "optim", "data", "vision"],
  autograd: ["nn", "optim", "data", "vision"],
  data: ["nn", "optim", "vision"],
  nn: ["optim", "data", "vision"],
  optim: ["data", "vision"],
  serialization: ["optim", "data", "vision"],
  vision: ["optim"],
};

for (const [folder, others] of Object.entries(forbidden)) {
  test(`${folder} imports none of ${others.join(", ")}`, () => {
    const wrong = all.filter(({ from, to }) => inside(folder)(from) && others.some((other) => inside(other)(to)));
    expect(wrong).toEqual([]);
  });
}

test("native.ts alone imports the addon", () => {
  expect(all.filter(({ to }) => to.startsWith("..")).map(({ from }) => from)).toEqual(
    all.filter(({ from, to }) => from === "native.ts" && to.startsWith("..")).map(({ from }) => from),
  );
  const loaders = readdirSync(LIB, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => readFileSync(join(LIB, file), "utf8").includes("native.cjs"));
  expect(loaders).toEqual(["native.ts"]);
});
