/** CIFAR-10 and CIFAR-100: small colour photographs, from pickles of Python 2. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tensor } from "../../creation.js";
import { IOError } from "../../errors.js";
import { cat } from "../../ops/join.js";
import { loadSync } from "../../serialization/pickle.js";
import { isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type ArchiveSource, type DownloadOptions, downloadArchive, howToGet, type Md5 } from "./files.js";
import { type ImageArray, ImageClasses } from "./image-array.js";
import { type MNISTOptions, type RootArgs, readRoot } from "./mnist.js";

/** Options of {@link CIFAR10} and {@link CIFAR100}. */
export type CIFAROptions<X = Tensor, Y = number> = MNISTOptions<X, Y>;

/** The files of a set: those to train, those to test, and the one that names the classes. */
export interface CifarSource extends ArchiveSource {
  readonly folder: string;
  readonly train: Readonly<Record<string, Md5>>;
  readonly test: Readonly<Record<string, Md5>>;
  readonly meta: readonly [file: string, md5: Md5, key: string];
}

const MIRRORS = ["https://www.cs.toronto.edu/~kriz/"];
const CIFAR10_FILES: CifarSource = {
  ...{ name: "CIFAR10", mirrors: MIRRORS, file: "cifar-10-python.tar.gz", md5: "c58f30108f718f92721af3b95e74349a" },
  folder: "cifar-10-batches-py",
  train: {
    data_batch_1: "c99cafc152244af753f735de768cd75f",
    data_batch_2: "d4bba439e000b95fd0a9bffe97cbabec",
    data_batch_3: "54ebc095f3ab1f0389bbae665268c751",
    data_batch_4: "634d18415352ddfa80567beed471001a",
    data_batch_5: "482c414d41f54cd18b22e5b47cb7c3cb",
  },
  test: { test_batch: "40351d587109b95175f43aff81a1287e" },
  meta: ["batches.meta", "5ff9c542aee3614f3951f8cda6e48888", "label_names"],
};
const CIFAR100_FILES: CifarSource = {
  ...{ name: "CIFAR100", mirrors: MIRRORS, file: "cifar-100-python.tar.gz", md5: "eb9058c3a382ffc7106e4002c42a8d85" },
  folder: "cifar-100-python",
  train: { train: "16019d7e3df5f24257cddd939b257f8d" },
  test: { test: "f0ef6b0ae62326f3e7ffdfab6717acfc" },
  meta: ["meta", "7973b15100ade9c7d40fb424638fde48", "fine_label_names"],
};

/** The value of a pickle, whose MD5 sum must be right. Errors: a missing file, another sum, another value. */
function entryOf(source: CifarSource, root: string, file: string, md5: Md5, asked: boolean): object {
  const path = join(root, source.folder, file);
  if (!existsSync(path)) {
    const how = howToGet(source.name, root, `into ${root}`, `${source.mirrors[0]}${source.file}`, asked);
    throw new IOError(`Dataset not found or corrupted: there is no ${path}; ${how}`);
  }
  const bytes = readFileSync(path);
  const sum = createHash("md5").update(bytes).digest("hex");
  if (sum !== md5) {
    throw new IOError(`Dataset not found or corrupted: ${path} has the MD5 sum ${sum}, expected ${md5}`);
  }
  const entry: unknown = loadSync(bytes);
  if (typeof entry !== "object" || entry === null) throw new IOError(`${path}: expected a dict`);
  return entry;
}

/** A list of strings, which Python 2 has as bytes. */
function stringsOf(path: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((v) => typeof v === "string")) return value;
  throw new IOError(`${path}: expected a list of names`);
}

/** Reads a set. Errors: files that are missing or others. */
export function readCifar(
  source: CifarSource,
  root: string,
  o: CIFAROptions<unknown, unknown>,
): ImageArray & { classes: string[] } {
  const asked = o.download ?? false;
  const parts = Object.entries((o.train ?? true) ? source.train : source.test).map(([file, md5]) => {
    const entry = entryOf(source, root, file, md5, asked);
    const [pixels, labels] = [
      Reflect.get(entry, "data"),
      Reflect.get(entry, "labels") ?? Reflect.get(entry, "fine_labels"),
    ];
    if (!isTensor(pixels) || !Array.isArray(labels)) throw new IOError(`${file}: expected data and labels`);
    return { images: (pixels as Tensor).view(-1, 3, 32, 32), labels: labels.map(Number) };
  });
  const [file, md5, key] = source.meta;
  const names = Reflect.get(entryOf(source, root, file, md5, asked), key);
  return {
    images: cat(parts.map(({ images }) => images)),
    labels: tensor(
      parts.flatMap(({ labels }) => labels),
      { dtype: "int64" },
    ),
    classes: stringsOf(file, names),
  };
}

/** Colour images of 32 x 32 pixels. */
abstract class ColorClasses<X, Y> extends ImageClasses<X, Y> {
  protected override readonly givesFloats: boolean = false;

  /** All images, uint8 [N, H, W, C]. */
  override get data(): Tensor {
    return this.images.permute(0, 2, 3, 1);
  }
}

/**
 * 50,000 training and 10,000 test photographs of ten kinds of things, 32 x 32 in colour, from `root/cifar-10-batches-py`. A sample is
 * `[image, label]`: uint8 [3, 32, 32] (PyTorch gives a PIL image), and a number. Errors: files that are missing or damaged.
 * [Krizhevsky 2009]
 */
export class CIFAR10<X = Tensor, Y = number> extends ColorClasses<X, Y> {
  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("CIFAR10", args);
    const found = readCifar(CIFAR10_FILES, o.root, o);
    super(o.root, found, found.classes, o);
  }

  /** Downloads the archive to `root` and unpacks it, unless that was done. Errors: no mirror answers, or the archive is another one. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return getCifar(CIFAR10_FILES, root, options);
  }
}

/** As {@link CIFAR10}, with a hundred kinds of things, from `root/cifar-100-python`.   [Krizhevsky 2009] */
export class CIFAR100<X = Tensor, Y = number> extends ColorClasses<X, Y> {
  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("CIFAR100", args);
    const found = readCifar(CIFAR100_FILES, o.root, o);
    super(o.root, found, found.classes, o);
  }

  /** As {@link CIFAR10.download}. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return getCifar(CIFAR100_FILES, root, options);
  }
}

/** Downloads a set's archive and unpacks it, unless its files are there. */
export async function getCifar(source: CifarSource, root: string, options?: DownloadOptions): Promise<void> {
  const files = [...Object.keys(source.train), ...Object.keys(source.test), source.meta[0]];
  if (files.every((file) => existsSync(join(root, source.folder, file)))) return;
  await downloadArchive(source, root, options);
}
