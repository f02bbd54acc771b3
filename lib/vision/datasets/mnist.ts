/** MNIST and FashionMNIST, from IDX files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Args, readArgs } from "../../args.js";
import { fromTypedArray } from "../../creation.js";
import type { Collated } from "../../data/collate.js";
import { checkIndex, Dataset, rowsOf } from "../../data/dataset.js";
import { ArgumentError, IOError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { readIdx } from "./idx.js";

/** One sample without transforms: the image, float32 [1, 28, 28] from 0 to 1, and its class. */
export type ImageSample<X = Tensor, Y = number> = [image: X, label: Y];

/** Options of {@link MNIST} and {@link FashionMNIST}. */
export interface MNISTOptions<X = Tensor, Y = number> {
  /** Whether to take the training images or the test images. Default true. */
  train?: boolean;
  /** Applied to each image. Default: none, and images are tensors from 0 to 1. */
  transform?: ((image: Tensor) => X) | null;
  /** Applied to each class. Default: none. */
  targetTransform?: ((label: number) => Y) | null;
}

/** Images of one size with classes. Without transforms a batch is two indexed reads. */
export abstract class ImageClasses<X = Tensor, Y = number> extends Dataset<ImageSample<X, Y>> {
  /** All images, uint8 [N, H, W]. */
  readonly data: Tensor;
  /** All classes, int64 [N]. */
  readonly targets: Tensor;
  readonly length: number;
  readonly #labels: Uint8Array;
  readonly #transform: ((image: Tensor) => X) | undefined;
  readonly #targetTransform: ((label: number) => Y) | undefined;

  constructor(images: Uint8Array, labels: Uint8Array, height: number, width: number, o: MNISTOptions<X, Y>) {
    super();
    if (images.length !== labels.length * height * width) {
      throw new IOError(
        `expected as many images as labels, received ${images.length / (height * width)} and ${labels.length}`,
      );
    }
    this.length = labels.length;
    this.data = fromTypedArray(images, [labels.length, height, width]);
    this.targets = fromTypedArray(labels, [labels.length], { dtype: "int64" });
    this.#labels = labels;
    this.#transform = o.transform ?? undefined;
    this.#targetTransform = o.targetTransform ?? undefined;
  }

  get(index: number): ImageSample<X, Y> {
    const i = checkIndex(index, this.length);
    const image = this.data.narrow(0, i, 1).to("float32").div_(255);
    const label = this.#labels[i] ?? 0;
    // Without a transform X is Tensor and Y is number: the defaults of the type parameters.
    const x = this.#transform === undefined ? (image as X) : this.#transform(image);
    const y = this.#targetTransform === undefined ? (label as Y) : this.#targetTransform(label);
    return [x, y];
  }

  getBatch(indices: readonly number[]): Collated<ImageSample<X, Y>> | undefined {
    if (this.#transform !== undefined || this.#targetTransform !== undefined) return undefined;
    const [images, labels] = rowsOf([this.data, this.targets], indices);
    return [images?.unsqueeze(1).to("float32").div_(255), labels] as Collated<ImageSample<X, Y>>;
  }
}

type MNISTArgs<X, Y> = Args<MNISTOptions<X, Y>, ["train", "transform", "targetTransform"]>;

function readOptions<X, Y>(op: string, args: MNISTArgs<X, Y>): Partial<MNISTOptions<X, Y>> {
  return readArgs<MNISTOptions<X, Y>>(op, ["train", "transform", "targetTransform"], args);
}

/** Finds an IDX file as torchvision lays it out (`root/NAME/raw`), or in `root` itself, gzipped or not. */
function findFile(root: string, name: string, file: string): string {
  const places = [join(root, name, "raw"), join(root, name), join(root, "raw"), root];
  for (const place of places) {
    for (const candidate of [join(place, file), join(place, `${file}.gz`), join(place, file.replace("-idx", ".idx"))]) {
      if (existsSync(candidate)) return candidate;
    }
  }
  throw new IOError(`${name}: no ${file} or ${file}.gz in ${places.join(", ")}`);
}

/** Reads the two files of a set. Errors: files that are missing or damaged. */
function load(
  root: string,
  name: string,
  train: boolean,
): [images: Uint8Array, labels: Uint8Array, h: number, w: number] {
  if (typeof root !== "string") throw new ArgumentError(`${name}: expected a directory, received ${String(root)}`);
  const part = train ? "train" : "t10k";
  const images = readIdx(findFile(root, name, `${part}-images-idx3-ubyte`), 3);
  const labels = readIdx(findFile(root, name, `${part}-labels-idx1-ubyte`), 1);
  const [, h = 0, w = 0] = images.shape;
  return [images.data, labels.data, h, w];
}

/**
 * Handwritten digits: 60,000 training and 10,000 test images, 28 x 28, from the IDX files in `root`.
 * A sample is `[image, label]`: float32 [1, 28, 28], pixels / 255 (PyTorch gives a PIL image where no transform is set),
 * and a number. Errors: files that are missing or damaged.   [LeCun, Cortes, Burges]
 */
export class MNIST<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = [
    ...["0 - zero", "1 - one", "2 - two", "3 - three", "4 - four"],
    ...["5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine"],
  ];

  constructor(root: string, ...rest: MNISTArgs<X, Y>) {
    const o = readOptions("MNIST", rest);
    super(...load(root, "MNIST", o.train ?? true), o);
  }
}

/** Photographs of clothes: as {@link MNIST}, with ten kinds of clothes.   [Xiao, Rasul, Vollgraf 2017] */
export class FashionMNIST<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = [
    ...["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
    ...["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  ];

  constructor(root: string, ...rest: MNISTArgs<X, Y>) {
    const o = readOptions("FashionMNIST", rest);
    super(...load(root, "FashionMNIST", o.train ?? true), o);
  }
}

/** The data that the package ships. */
const SHIPPED = fileURLToPath(new URL("../../../data/", import.meta.url));

/** The rows of images and labels for which `keep` holds. */
function choose(
  images: Uint8Array,
  labels: Uint8Array,
  size: number,
  keep: (i: number) => boolean,
): [Uint8Array, Uint8Array] {
  const rows = Array.from(labels.keys()).filter(keep);
  const out = new Uint8Array(rows.length * size);
  rows.forEach((row, i) => {
    out.set(images.subarray(row * size, (row + 1) * size), i * size);
  });
  return [out, Uint8Array.from(rows, (row) => labels[row] ?? 0)];
}

/** 900 genuine Fashion-MNIST images that the package ships: 90 of each class, the first 72 to train, the last 18 to test. */
export class FashionMNISTSample<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  constructor(...args: MNISTArgs<X, Y>) {
    const o = readOptions("FashionMNISTSample", args);
    const { data } = readIdx(join(SHIPPED, "fashion-sample-images-idx3-ubyte.gz"), 3);
    const labels = readIdx(join(SHIPPED, "fashion-sample-labels-idx1-ubyte.gz"), 1).data;
    const train = o.train ?? true;
    super(...choose(data, labels, 784, (i) => i % 90 < 72 === train), 28, 28, o);
  }
}

/** MNIST's 10,000 test images, which the package ships: the first 9,000 to train, the rest to test. */
export class MNISTSample<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  constructor(...args: MNISTArgs<X, Y>) {
    const o = readOptions("MNISTSample", args);
    const [images, labels] = load(join(SHIPPED, "mnist"), "MNIST", false);
    const train = o.train ?? true;
    super(...choose(images, labels, 784, (i) => i < 9000 === train), 28, 28, o);
  }
}
