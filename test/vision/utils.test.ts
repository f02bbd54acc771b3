/** vision.utils gives torchvision's pixels (test/fixtures/utils.py). */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as torch from "candlewick";
import { expect, test } from "vitest";

const { utils, io } = torch.vision;
const fixture = torch.numpy.loadSync(fileURLToPath(new URL("../fixtures/utils.npz", import.meta.url))) as Record<string, torch.Tensor>; // biome-ignore format: one line
const of = (name: string) => fixture[name] as torch.Tensor;
const [images, gray, masks, photo] = [of("images"), of("gray"), of("masks"), of("photo")];

test("makeGrid puts images side by side", () => {
  const grids: Record<string, torch.Tensor> = {
    grid: utils.makeGrid(images),
    rows: utils.makeGrid(images, 2, { padding: 1, padValue: 0.25 }),
    normalized: utils.makeGrid({ tensor: images, normalize: true }),
    range: utils.makeGrid(images, { normalize: true, valueRange: [0, 1], scaleEach: true }),
    each: utils.makeGrid(images, { normalize: true, scaleEach: true }),
    list: utils.makeGrid(gray.unbind(0), { nrow: 2 }),
    one: utils.makeGrid(gray.narrow(0, 0, 1)),
    flat: utils.makeGrid(gray.select(0, 0).select(0, 0)),
  };
  for (const [name, grid] of Object.entries(grids)) {
    expect([name, grid.shape, torch.allclose(grid, of(name), 1e-6, 1e-6)]).toEqual([name, of(name).shape, true]);
  }
  expect(utils.makeGrid(photo.unsqueeze(0).expand([3, -1, -1, -1])).dtype).toBe("uint8");
});

test("saveImage writes what torchvision writes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-utils-"));
  try {
    await utils.saveImage(images, join(folder, "a.png"), { nrow: 2 });
    expect(io.readImageSync(join(folder, "a.png")).equal(of("saved"))).toBe(true);
    utils.saveImageSync(images, join(folder, "b.jpg"));
    utils.saveImageSync(gray.select(0, 0), join(folder, "c"), { format: "png" });
    expect(readdirSync(folder).sort()).toEqual(["a.png", "b.jpg", "c"]);
    await expect(utils.saveImage(images, join(folder, "a.bmp"))).rejects.toThrow("ends with .png, .jpg or .jpeg");
    await expect(utils.saveImage(images, join(folder, "none", "a.png"))).rejects.toThrow(torch.IOError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("masks are drawn in colours", () => {
  expect(utils.drawSegmentationMasks(photo, masks).equal(of("masked"))).toBe(true);
  expect(utils.drawSegmentationMasks(photo, masks.select(0, 0), { alpha: 0.5, colors: "#ff8000" }).equal(of("half"))).toBe(true); // biome-ignore format: one line
  const floats = utils.drawSegmentationMasks(photo.to("float32").div(255), masks, { colors: [[10, 20, 30], [255, 0, 128]] }); // biome-ignore format: one line
  expect(torch.allclose(floats, of("floats"), 1e-6, 1e-6)).toBe(true);
});

test("errors say what was expected", () => {
  expect(() => utils.makeGrid("x" as never)).toThrow("tensor or list of tensors expected");
  expect(() => utils.makeGrid(torch.ones(1, 2, 3, 4, 5))).toThrow("expected images of 2 to 4 dimensions");
  expect(() => utils.makeGrid(images, 0)).toThrow("expected nrow to be a number of images, received number 0");
  expect(() => utils.makeGrid(images, { normalize: true, valueRange: 3 as never })).toThrow("value_range has to be a tuple"); // biome-ignore format: one line
  expect(() => utils.drawSegmentationMasks(photo, masks.to("uint8"))).toThrow("The masks must be of dtype bool");
  expect(() => utils.drawSegmentationMasks(photo, torch.ones(3, 3).to("bool"))).toThrow("the same height and width");
  expect(() => utils.drawSegmentationMasks(images, masks)).toThrow("Pass individual images, not batches");
  expect(() => utils.drawSegmentationMasks(photo, masks, { colors: "red?" })).toThrow('expected colours as [red, green, blue], a name or "#rrggbb"'); // biome-ignore format: one line
  expect(() => utils.drawSegmentationMasks(photo, masks, { colors: [[1, 2, 3]] })).toThrow("but got 1 < 2");
});
