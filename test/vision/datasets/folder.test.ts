/** Images in folders: torchvision's order and errors, and the batches of PyTorch's loader (test/fixtures/image_loader.py). */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { data, vision } = torch;
const { datasets, transforms: T } = vision;
const here = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "candlewick-folder-"));
afterAll(() => rmSync(temporary, { recursive: true }));

let made = 0;
/** A folder with copies of fixtures, or empty files, at some paths. */
function folder(files: readonly string[]): string {
  const root = join(temporary, String(made++));
  mkdirSync(root);
  for (const file of files) {
    const [path = "", from] = file.split(" = ");
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (from === undefined) writeFileSync(join(root, path), "");
    else copyFileSync(here(`images/${from}`), join(root, path));
  }
  return root;
}
const named = (root: string, samples: readonly (readonly [string, number])[]) =>
  samples.map(([path, target]) => [path.slice(root.length + 1), target]);

describe("ImageFolder", () => {
  test("takes the files that torchvision takes, in its order", () => {
    const root = folder([
      ...["b/2.JPG", "b/10.jpeg", "b/1.png", "b/deep/er/0.webp", "b/a.gif", "b/notes.txt", "b/deep.tif"],
      ...["B/x.ppm", "\u{1F600}/y.bmp", "\uFF21/z.pgm"],
    ]);
    const set = new datasets.ImageFolder(root);
    // By code point: the letter \uFF21 is before the face, whose first half alone would be before it.
    expect(set.classes).toEqual(["B", "b", "\uFF21", "\u{1F600}"]);
    expect(set.classToIdx).toEqual({ B: 0, b: 1, "\uFF21": 2, "\u{1F600}": 3 });
    expect(named(root, set.samples)).toEqual([
      ["B/x.ppm", 0],
      ["b/1.png", 1],
      ["b/10.jpeg", 1],
      ["b/2.JPG", 1],
      ["b/deep.tif", 1],
      ["b/deep/er/0.webp", 1],
      ["\uFF21/z.pgm", 2],
      ["\u{1F600}/y.bmp", 3],
    ]);
    expect(set.imgs).toBe(set.samples);
    expect(set.targets).toEqual([0, 1, 1, 1, 1, 1, 2, 3]);
    expect(set.length).toBe(8);
    expect(String(set)).toBe(`Dataset ImageFolder\n    Number of datapoints: 8\n    Root location: ${root}`);
  });

  test("follows links, but not round in a circle; hidden folders are classes", () => {
    const root = folder(["a/1.jpg", ".hidden/2.jpg", "elsewhere/x/3.jpg"]);
    symlinkSync(join(root, "elsewhere", "x"), join(root, "a", "linked"));
    symlinkSync(join(root, "a"), join(root, "a", "circle"));
    const set = new datasets.ImageFolder(root);
    expect(set.classes).toEqual([".hidden", "a", "elsewhere"]);
    expect(named(root, set.samples).map(([path]) => path)).toEqual([
      ".hidden/2.jpg",
      "a/1.jpg",
      "a/linked/3.jpg",
      "elsewhere/x/3.jpg",
    ]);
  });

  test("errors name the folder, the class, the file", async () => {
    const none = join(temporary, "none");
    expect(() => new datasets.ImageFolder(none)).toThrow(`${none}: ENOENT`);
    const flat = folder(["1.jpg"]);
    expect(() => new datasets.ImageFolder(flat)).toThrow(`Couldn't find any class folder in ${flat}.`);
    const empty = folder(["a/1.jpg", "b/x.txt", "c/y.txt"]);
    expect(() => new datasets.ImageFolder(empty)).toThrow(
      "Found no valid file for the classes b, c. Supported extensions are: .jpg, .jpeg, .png, .ppm, .bmp, .pgm, .tif, .tiff, .webp",
    );
    expect(new datasets.ImageFolder(empty, { allowEmpty: true }).length).toBe(1);
    const texts = new datasets.ImageFolder(empty, { isValidFile: (path) => path.endsWith(".txt"), allowEmpty: true });
    expect(texts.targets).toEqual([1, 2]);
    expect(() => new datasets.ImageFolder(7 as never)).toThrow(
      "expected root to be the path of a folder, received number",
    );
    const transform = new T.Compose([new T.Resize([8, 8]), new T.ToTensor()]);
    const broken = new datasets.ImageFolder(folder(["a/1.jpg = 420.jpg", "b/2.jpg"]), { transform });
    const path = broken.samples[1]?.[0] ?? "";
    await expect(broken.get(1)).rejects.toThrow(`${path}: expected an image, received no bytes`);
    for (const numWorkers of [0, 2]) {
      const loader = new data.DataLoader(broken, { batchSize: 2, numWorkers });
      await expect(loader.first()).rejects.toThrow(`${path}: expected an image, received no bytes`);
    }
    const sizes = new datasets.ImageFolder(folder(["a/1.jpg = 420.jpg", "b/2.png = rgb.png"]), {
      transform: new T.Compose([new T.Lambda((x: torch.Tensor) => x)]),
    });
    await expect(new data.DataLoader(sizes, { batchSize: 2 }).first()).resolves.toHaveLength(2);
    const large = new datasets.ImageFolder(folder(["a/1.jpg = 420.jpg"]), { maxPixels: 100 });
    await expect(large.get(0)).rejects.toThrow("an image of 43 x 31 pixels, and maxPixels is 100");
  });

  test("samples, transforms and loaders of one's own", async () => {
    const root = folder(["a/1.jpg = 420.jpg", "b/2.jpg = gray.jpg"]);
    const plain = new datasets.ImageFolder(root);
    const [image, label] = await plain.get(1);
    expectTypeOf(image).toEqualTypeOf<torch.Tensor>();
    expect([image.dtype, image.shape, label]).toEqual(["uint8", [3, 31, 43], 1]);
    const both = new datasets.ImageFolder(root, {
      transforms: (x: torch.Tensor, y: number): [torch.Tensor, string] => [x.float(), `class ${y}`],
    });
    expect((await both.get(0))[1]).toBe("class 0");
    expect(() => new datasets.ImageFolder(root, { transform: (x) => x, transforms: (x, y) => [x, y] })).toThrow(
      "Only transforms or transform/target_transform can be passed as argument",
    );
    const own = new datasets.DatasetFolder({
      root,
      loader: (path: string) => path.length,
      extensions: [".jpg"],
      targetTransform: (y: number) => y * 10,
    });
    expect(await own.get(1)).toEqual([root.length + 8, 10]);
    const seen: unknown[] = [];
    for await (const [, y] of new data.DataLoader(own, { numWorkers: 1 })) seen.push(y.tolist());
    expect(seen).toEqual([[0], [10]]);
  });
});

describe("the loader", () => {
  const arrays = torch.numpy.loadSync(here("image_loader.npz")) as Record<string, torch.Tensor>;
  const FILES = [
    ...["ant/420.jpg", "ant/rgb.png", "ant/cmyk.jpg", "ant/gray.jpg", "ant/lossy.webp"],
    ...["bee/nested/444.jpg", "bee/nested/palette.png", "bee/nested/progressive.jpg"],
    ...["bee/422.jpg", "bee/rgba.png", "bee/optimized.jpg"],
  ];
  let set: torch.vision.datasets.ImageFolder;
  beforeAll(() => {
    const root = folder(FILES.map((path) => `${path} = ${path.split("/").at(-1)}`));
    const transform = new T.Compose([
      ...[new T.RandomResizedCrop(12), new T.RandomHorizontalFlip(), new T.ColorJitter(0.3, 0.2)],
      ...[new T.ToTensor(), new T.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]), new T.RandomErasing(0.5)],
    ]);
    set = new datasets.ImageFolder(root, { transform });
  });

  test.each([0, 1, 2, 3])("gives PyTorch's batches with %d workers", async (numWorkers) => {
    expect(set.targets).toEqual(arrays.targets?.tolist());
    for (const threads of [1, 2]) {
      const former = torch.getNumThreads();
      torch.setNumThreads(threads);
      torch.manualSeed(5);
      const loader = new data.DataLoader(set, { batchSize: 3, shuffle: true, numWorkers });
      for (const epoch of [0, 1]) {
        let i = 0;
        for await (const [x, y] of loader) {
          const key = `${numWorkers}/${epoch}/${i++}`;
          expect([key, y.tolist()]).toEqual([key, arrays[`${key}/y`]?.tolist()]);
          expect([key, x.equal(arrays[`${key}/x`] as torch.Tensor)]).toEqual([key, true]);
        }
        expect(i).toBe(4);
      }
      torch.setNumThreads(former);
    }
  });

  test("each worker has Python's random of its own", async () => {
    const chance = new T.Compose([
      new T.RandomOrder([new T.RandomHorizontalFlip(), new T.RandomVerticalFlip(), new T.Resize(9)]),
      ...[new T.RandomChoice([new T.CenterCrop(8), new T.RandomCrop(8)]), new T.ToTensor()],
    ]);
    const chosen = new datasets.ImageFolder(set.root as string, { transform: chance });
    torch.manualSeed(6);
    let i = 0;
    for await (const [x] of new data.DataLoader(chosen, { batchSize: 4, numWorkers: 2 })) {
      expect([i, x.equal(arrays[`chance/${i++}`] as torch.Tensor)]).toEqual([i - 1, true]);
    }
    expect(i).toBe(3);
  });

  test("one by one and through a subset it draws the same", async () => {
    torch.manualSeed(9);
    const batch = await new data.DataLoader(new data.Subset(set, [3, 1, 8]), { batchSize: 3 }).first();
    torch.manualSeed(9);
    const seeds = torch.randint(0, 2, [2]); // the loader draws its seed first
    expect(seeds.shape).toEqual([2]);
    const samples = [await set.get(3), await set.get(1), await set.get(8)];
    expect(torch.stack(samples.map(([x]) => x)).equal(batch[0])).toBe(true);
  });

  test("ends by a signal, by time, and by leaving the loop", async () => {
    const stop = new AbortController();
    const loader = new data.DataLoader(set, { batchSize: 1, numWorkers: 2, signal: stop.signal });
    let count = 0;
    const read = async () => {
      for await (const _ of loader) if (++count === 3) stop.abort(new Error("enough"));
    };
    await expect(read()).rejects.toThrow("enough");
    expect(count).toBe(3);
    const slow = { length: 4, get: () => new Promise<number>((resolve) => setTimeout(() => resolve(1), 5000).unref()) };
    const late = new data.DataLoader(slow, { numWorkers: 1, timeout: 0.05 });
    await expect(late.first()).rejects.toThrow("DataLoader timed out after 0.05 seconds");
    for await (const _ of new data.DataLoader(set, { numWorkers: 2 })) break;
    expect(() => new data.DataLoader(set, { signal: 3 as never })).toThrow("expected signal to be an AbortSignal");
  });
});
