/** Draws docs/gallery: a PNG for each figure of gallery-figures.ts, and a page with their code. `npm run gallery` */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as torch from "candlewick";
import { figures } from "./gallery-figures.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const source = readFileSync(here("gallery-figures.ts"), "utf8");

/** The code of a figure, out of the list of figures. */
function codeOf(name: string): string {
  const start = source.search(new RegExp(`^  "?${name}"?: \\(\\) =>`, "m"));
  const rest = source.slice(start);
  const end = rest.slice(3).search(/^ {2}"?[\w-]+"?: \(\) =>|^};/m) + 3;
  const body = rest
    .slice(rest.indexOf("=>") + 2, end)
    .trim()
    .replace(/,$/, "");
  const lines = body.startsWith("{") ? body.slice(1, -1).trim() : body;
  return lines.replace(/ \/\/ biome-ignore.*$/gm, "").replace(/^ {4}/gm, "");
}

await mkdir(here("../docs/gallery"), { recursive: true });
let page =
  "# Gallery\n\nWritten by `npm run gallery`. The lines that make `some`, `falling` and `classes` are in scripts/gallery-figures.ts.\n";
for (const [name, make] of Object.entries(figures)) {
  torch.manualSeed(0);
  await make().save(here(`../docs/gallery/${name}.png`));
  page += `\n## ${name}\n\n![${name}](${name}.png)\n\n\`\`\`ts\n${codeOf(name)}\n\`\`\`\n`;
}
await writeFile(here("../docs/gallery/README.md"), page);
console.log(`${Object.keys(figures).length} figures are in docs/gallery`);
