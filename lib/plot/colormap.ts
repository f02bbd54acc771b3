/** Colour maps by matplotlib's names: `viridis`, `gray`, `coolwarm`, ...; `_r` behind a name turns it round. */
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import { TABLES } from "./colormap-tables.js";

/** The name of a colour map. */
export type ColormapName = "viridis" | "gray" | "coolwarm" | "magma" | "inferno" | "plasma" | "jet" | "Blues" | "RdBu" | "tab10" | (string & {}); // biome-ignore format: one line

/** The colours of a map: red, green and blue of each, from 0 to 255. */
export type ColorTable = Uint8Array;

/** The names of all maps, without the turned ones. */
export function colormaps(): string[] {
  return Object.keys(TABLES);
}

/** The colours of a map, 256 or, of those for classes, as many as it has. Errors: an unknown name. */
export function colorTable(op: string, name: unknown): ColorTable {
  const turned = typeof name === "string" && name.endsWith("_r");
  const key = turned ? name.slice(0, -2) : String(name);
  const table = typeof name === "string" && Object.hasOwn(TABLES, key) ? TABLES[key] : undefined;
  if (table === undefined) {
    throw new ArgumentError(
      `${op}: expected cmap to be the name of a colour map (${colormaps().slice(0, 12).join(", ")}, ...; plot.colormaps() has all), received ${describe(name)}`,
      { op },
    );
  }
  const colors = new Uint8Array(Buffer.from(table, "base64"));
  if (!turned) return colors;
  const out = new Uint8Array(colors.length);
  for (let i = 0; i < colors.length; i += 3) out.set(colors.subarray(i, i + 3), colors.length - 3 - i);
  return out;
}

/** The colour of a value from 0 to 1 as `#rrggbb`. */
export function colorAt(table: ColorTable, share: number): string {
  const count = table.length / 3;
  const at = Math.min(Math.max(Math.floor(share * count), 0), count - 1) * 3;
  return `#${Buffer.from(table.subarray(at, at + 3)).toString("hex")}`;
}
