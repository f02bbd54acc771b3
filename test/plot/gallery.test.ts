/** Every figure of the gallery, at three sizes: text is beside text, on the sheet, and can be read. */
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { contrast } from "../../lib/plot/color.js";
import { draw } from "../../lib/plot/draw/index.js";
import type { TextBox } from "../../lib/plot/draw/svg.js";
import { figures } from "../../scripts/gallery-figures.js";

const overlaps = (a: TextBox, b: TextBox) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe.each(Object.keys(figures))("%s", (name) => {
  torch.manualSeed(0);
  const spec = figures[name]?.().spec;
  if (spec === undefined) throw new Error(name);

  test.each([0.5, 1, 2])("at %f of its size", (scale) => {
    const drawing = draw({ ...spec, figsize: [spec.figsize[0] * scale, spec.figsize[1] * scale] });
    const { texts, width, height } = drawing;
    for (const [i, a] of texts.entries()) {
      expect(a.left >= 0 && a.top >= 0 && a.right <= width && a.bottom <= height, `"${a.text}" leaves the sheet`).toBe(
        true,
      );
      expect(contrast(a.color, a.on), `"${a.text}", ${a.color} on ${a.on}`).toBeGreaterThan(4.5);
      for (const b of texts.slice(i + 1)) expect(overlaps(a, b), `"${a.text}" lies on "${b.text}"`).toBe(false);
    }
  });
});
