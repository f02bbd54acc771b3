/** Colours, formats, bins and correlations have the numbers of matplotlib, Python and numpy. */
import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { countsOf, edgesOf } from "../../lib/plot/bins.js";
import { colorAt, colorTable } from "../../lib/plot/colormap.js";
import { smoothed } from "../../lib/plot/curves.js";
import { numberFormat } from "../../lib/plot/format.js";
import { fixture } from "../helpers/fixtures.js";

interface Numbers {
  readonly maps: Record<string, number[][]>;
  readonly shares: number[];
  readonly formats: [format: string, value: number, text: string][];
  readonly histogram: { values: number[]; counts: number[]; edges: number[] };
  readonly correlation: { table: Record<string, number[]>; r: number };
}
const known = fixture<Numbers>("plot.json");

test("colour maps have matplotlib's colours", () => {
  for (const [name, colors] of Object.entries(known.maps)) {
    const table = colorTable("test", name);
    const found = known.shares.map((s) => colorAt(table, s));
    expect(found, name).toEqual(colors.map((c) => `#${Buffer.from(c).toString("hex")}`));
  }
  const image = torch.tensor([known.shares]);
  const axes = torch.plot.imshow(image, { cmap: "magma", vmin: 0, vmax: 1 }).axes[0];
  const mark = axes?.spec.marks[0];
  const planes = mark?.type === "image" ? [...mark.picture.planes] : [];
  const count = known.shares.length;
  expect(known.shares.map((_, i) => [0, 1, 2].map((c) => planes[c * count + i]))).toEqual(known.maps.magma);
});

test("numbers are written as in Python", () => {
  for (const [format, value, text] of known.formats)
    expect(numberFormat("test", format)(value), `${format} of ${value}`).toBe(text);
  expect(numberFormat("test", ".2f")(Number.NaN)).toBe("nan");
  expect(numberFormat("test", (v: number) => `<${v}>`)(3)).toBe("<3>");
  expect(() => numberFormat("test", "%d")).toThrow('expected fmt to be a format as Python\'s (".2g", ".1f", "d", ".0%", ",d") or a function, received "%d"'); // biome-ignore format: one line
});

test("bins are numpy's", () => {
  const { values, counts, edges } = known.histogram;
  const own = edgesOf("test", values, { bins: 7 });
  for (const [i, v] of own.entries()) expect(v).toBeCloseTo(edges[i] ?? 0, 12);
  expect(countsOf(values, own)).toEqual(counts);
  expect(countsOf([1, 2, 3, 9, -9, Number.NaN], [1, 2, 3])).toEqual([1, 2]);
});

test("correlations are numpy's, and none of what does not change", () => {
  const { table, r } = known.correlation;
  const texts = torch.plot.correlation({ ...table, c: new Array(50).fill(1) }, { fmt: ".6f" }).axes[0]?.spec.marks;
  const found = texts?.flatMap((mark) => (mark.type === "text" ? [mark.text] : [])) ?? [];
  expect(found[0]).toBe("1.000000");
  expect(found[1]).toBe(r.toFixed(6));
  expect(found[2]).toBe("");
});

test("smoothing begins without a bias and passes gaps over", () => {
  expect(smoothed([2, 2, 2], 0.9)).toEqual([2, 2, 2].map((v) => expect.closeTo(v, 12)));
  expect(smoothed([1, Number.NaN, 3], 0.5)).toEqual([1, Number.NaN, expect.closeTo(7 / 3, 12)]);
});
