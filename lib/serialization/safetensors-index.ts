/** The index of a safetensors model in parts. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { IOError } from "../errors.js";
import { describe } from "../tensor/base.js";
import { type FileSource, pathOf } from "./files.js";

/** The file of each tensor, where `source` is an index. Errors: an index of another form, or that leaves its folder. */
export async function partsOf(op: string, source: FileSource): Promise<Map<string, string> | undefined> {
  if (source instanceof Uint8Array) return undefined;
  const path = pathOf(op, source);
  if (!path.endsWith(".json") || !existsSync(path)) return undefined;
  const bad = (what: string): never => {
    throw new IOError(`${op}: ${path}: expected an index of safetensors, { "weight_map": { name: file } }; ${what}`, {
      op,
    });
  };
  let index: unknown;
  try {
    index = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
  const map: unknown = typeof index === "object" && index !== null && "weight_map" in index ? index.weight_map : null;
  if (typeof map !== "object" || map === null) return bad("it has no weight_map");
  const parts = new Map<string, string>();
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== "string" || basename(file) !== file) {
      return bad(`the file of ${name} is ${describe(file)}, no name of a file beside the index`);
    }
    parts.set(name, join(dirname(path), file));
  }
  return parts;
}
