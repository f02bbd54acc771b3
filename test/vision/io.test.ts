/** Images in and out (test/fixtures/images.py): the pixels are Pillow's and torchvision's, damaged files raise where Pillow does. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { io } = torch.vision;
const FOLDER = fileURLToPath(new URL("../fixtures/images/", import.meta.url));
const pixels = torch.numpy.loadSync(join(FOLDER, "pixels.npz")) as Record<string, torch.Tensor>;
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(FOLDER, name)));
const pixelsOf = (key: string) => pixels[key] as torch.Tensor;
const temporary = mkdtempSync(join(tmpdir(), "candlewick-io-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const OPTIONS: Record<string, torch.vision.io.DecodeOptions> = {
  ...{ UNCHANGED: {}, RGB: { mode: "RGB" }, GRAY: { mode: "GRAY" }, RGB_ALPHA: { mode: "RGB_ALPHA" } },
  upright: { applyExifOrientation: true },
  ...{ "reduce-2": { reduce: 2 }, "reduce-4": { reduce: 4 }, "reduce-8": { reduce: 8 } },
};

describe("decoding", () => {
  const names = readdirSync(FOLDER).filter((name) => /\.(jpg|png|webp|gif|bmp|tiff)$/.test(name));

  test.each(names.filter((name) => name !== "palette.tiff"))("%s", async (name) => {
    for (const [kind, options] of Object.entries(OPTIONS)) {
      const expected = pixels[`${name}/${kind}`];
      if (expected === undefined) continue;
      const image = await io.readImage(join(FOLDER, name), { ...options, keep16Bits: expected.dtype === "int32" });
      expect([kind, image.shape, image.dtype]).toEqual([kind, expected.shape, expected.dtype]);
      expect([kind, image.equal(expected)]).toEqual([kind, true]);
    }
  });

  test("from a path, a URL, bytes and a tensor of bytes, with and without a promise", async () => {
    const expected = pixelsOf("420.jpg/RGB");
    const [path, bytes] = [join(FOLDER, "420.jpg"), bytesOf("420.jpg")];
    const results = [
      await io.readImage(path, "RGB"),
      await io.readImage({ path, mode: io.ImageReadMode.RGB }),
      io.readImageSync(pathToFileURL(path)),
      await io.decodeImage(bytes, { mode: "RGB" }),
      io.decodeImageSync(torch.tensor(bytes)),
      await io.decodeJpeg(bytes),
      io.decodeJpegSync({ input: bytes }),
    ];
    for (const image of results) expect(image.equal(expected)).toBe(true);
    expect((await io.readImage(path, "UNCHANGED", true)).equal(expected)).toBe(true);
  });

  test("errors name the file or the argument", async () => {
    const missing = join(temporary, "none.jpg");
    await expect(io.readImage(missing)).rejects.toThrow(`${missing}: No such file or directory`);
    const text = join(temporary, "text.jpg");
    writeFileSync(text, "this is no image");
    expect(() => io.readImageSync(text)).toThrow(`${text}: expected a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file`);
    const half = join(temporary, "half.jpg");
    writeFileSync(half, bytesOf("444.jpg").subarray(0, 900));
    await expect(io.readImage(half)).rejects.toThrow(`${half}: the file is truncated`);
    expect((await io.readImage(half, { allowTruncated: true })).shape).toEqual([3, 31, 43]);
    expect(() => io.readImageSync(join(FOLDER, "rgb.png"), { maxPixels: 1000 })).toThrow(
      "an image of 43 x 31 pixels, and maxPixels is 1000: it may be a decompression bomb",
    );
    expect(() => io.decodePngSync(bytesOf("420.jpg"))).toThrow("expected a Png file, received a Jpeg file");
    // @ts-expect-error a mode that is none
    expect(() => io.readImageSync(half, { mode: "rgb" })).toThrow('expected mode to be one of "UNCHANGED", "GRAY"');
    // @ts-expect-error a size that libjpeg does not have
    expect(() => io.readImageSync(half, { reduce: 3 })).toThrow(
      "expected reduce to be 1, 2, 4 or 8, received number 3",
    );
    expect(() => io.decodeImageSync(torch.zeros(3, 4))).toThrow(
      "expected the bytes of an image, a Uint8Array or a uint8 tensor of one dimension, received torch.float32 [3, 4]",
    );
    // @ts-expect-error no bytes
    await expect(io.decodeImage("a.jpg")).rejects.toThrow("expected the bytes of an image");
  });
});

describe("damaged files", () => {
  const damaged: [name: string, keep: number, flips: number[], raises: boolean][] = JSON.parse(
    readFileSync(join(FOLDER, "damaged.json"), "utf8"),
  );

  test("of 1,000, each decodes or raises its error, as with Pillow in 95 of 100", () => {
    let agree = 0;
    for (const [name, keep, flips, raises] of damaged) {
      const bytes = bytesOf(name);
      for (const bit of flips) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit % 8));
      const file = join(temporary, name);
      writeFileSync(file, bytes.subarray(0, keep));
      let raised = false;
      try {
        expect(io.readImageSync(file, { mode: "RGB" }).size(0)).toBe(3);
      } catch (error) {
        raised = true;
        expect(error).toBeInstanceOf(torch.IOError);
        expect(String(error)).toContain(file);
      }
      if (raised === raises) agree++;
    }
    expect(agree / damaged.length).toBeGreaterThan(0.95);
  });
});

describe("encoding", () => {
  const image = pixelsOf("image");

  test("a JPEG has libjpeg-turbo's bytes", async () => {
    for (const quality of [1, 50, 75, 95, 100]) {
      expect((await io.encodeJpeg(image, { quality })).equal(pixelsOf(`encodeJpeg/${quality}`))).toBe(true);
    }
    expect(io.encodeJpegSync(image).equal(pixelsOf("encodeJpeg/75"))).toBe(true);
    expect(io.encodeJpegSync(image.index(torch.slice(0, 1)), 75).equal(pixelsOf("encodeJpeg/gray"))).toBe(true);
  });

  test("a PNG comes back as it was, of every number of channels, of views, of a file", async () => {
    for (const channels of [1, 2, 3, 4]) {
      const x = torch.cat([image, image.index(torch.slice(0, 1))]).index(torch.slice(0, channels));
      for (const level of [0, 6, 9]) expect((await io.decodeImage(io.encodePngSync(x, level))).equal(x)).toBe(true);
    }
    const view = image.transpose(1, 2);
    expect(io.decodePngSync(await io.encodePng(view)).equal(view)).toBe(true);
    const path = join(temporary, "out.png");
    await io.writePng(image, path);
    expect(io.readImageSync(path).equal(image)).toBe(true);
    io.writeJpegSync(image, pathToFileURL(join(temporary, "out.jpg")), { quality: 75 });
    expect(io.readImageSync(join(temporary, "out.jpg")).shape).toEqual(image.shape);
  });

  test("errors", async () => {
    expect(() => io.encodeJpegSync(torch.rand(3, 4, 4))).toThrow(
      "Input tensor dtype should be uint8, got torch.float32",
    );
    expect(() => io.encodePngSync(torch.zeros(4, 4, { dtype: "uint8" }))).toThrow(
      "Input data should be a 3-dimensional",
    );
    expect(() => io.encodeJpegSync(torch.zeros(4, 4, 4, { dtype: "uint8" }))).toThrow(
      "The number of channels should be 1 or 3, got: 4",
    );
    expect(() => io.encodeJpegSync(image, 0)).toThrow("Image quality should be a positive number between 1 and 100");
    expect(() => io.encodePngSync(image, 10)).toThrow("Compression level should be between 0 and 9");
    expect(() => io.encodePngSync(torch.zeros(3, 0, 4, { dtype: "uint8" }))).toThrow("1 to 65500 pixels a side");
    await expect(io.writePng(image, join(temporary, "no", "folder.png"))).rejects.toThrow(/folder\.png: No such file/);
    // @ts-expect-error no image
    await expect(io.encodeJpeg([1, 2, 3])).rejects.toThrow("encodeJpeg: expected an image, a uint8 tensor [C, H, W]");
  });
});

test("bytes of files", async () => {
  const [path, bytes] = [join(temporary, "bytes"), torch.tensor(new Uint8Array([1, 2, 255]))];
  await io.writeFile(path, bytes);
  expect((await io.readFile(path)).equal(bytes)).toBe(true);
  io.writeFileSync(path, bytes.flip(0));
  expect(io.readFileSync(path).tolist()).toEqual([255, 2, 1]);
  const missing = join(temporary, "none");
  await expect(io.readFile(missing)).rejects.toThrow(`${missing}: ENOENT`);
  expect(() => io.readFileSync(missing)).toThrow(torch.IOError);
  await expect(io.writeFile(join(missing, "x"), bytes)).rejects.toThrow(torch.IOError);
  await expect(io.writeFile(path, torch.rand(3))).rejects.toThrow(
    "expected data to be a uint8 tensor of one dimension",
  );
});

test("a GIF's transparent colour, a TIFF that is turned, TIFFs with a palette: Pillow's pixels", () => {
  const kinds = (name: string) => fileURLToPath(new URL(`../fixtures/images/kinds/${name}`, import.meta.url));
  const want = (name: string) => torch.numpy.loadSync(kinds(name)) as torch.Tensor;
  const gif = io.readImageSync(kinds("transparent.gif"), { mode: "RGB_ALPHA" });
  expect([gif.equal(want("transparent.npy")), io.readImageSync(kinds("transparent.gif")).size(0)]).toEqual([true, 3]);
  for (const name of ["palette", "palette-lzw"]) {
    expect([name, io.readImageSync(kinds(`${name}.tif`)).equal(want(`${name}.npy`))]).toEqual([name, true]);
  }
  expect(io.readImageSync(kinds("turned.tif")).equal(want("turned.npy"))).toBe(true);
});
