/** MNIST and FashionMNIST, from IDX files. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Args, readArgs, required } from "../../args.js";
import { fromTypedArray } from "../../creation.js";
import type { Collated } from "../../data/collate.js";
import { checkIndex, Dataset, rowsOf } from "../../data/dataset.js";
import { ArgumentError, IOError } from "../../errors.js";
import { guardSpelling } from "../../spelling.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { applied, checkTransform, nameOf, type TransformLike } from "../transforms/transform.js";
import {
  type DownloadOptions,
  downloadIdx,
  FASHION_MNIST_FILES,
  findIdx,
  type IdxSource,
  MNIST_FILES,
} from "./files.js";
import { readIdx } from "./idx.js";

/** One sample without transforms: the image, float32 [1, 28, 28] from 0 to 1, and its class. */
export type ImageSample<X = Tensor, Y = number> = [image: X, label: Y];

/** Options of {@link MNIST}, {@link FashionMNIST} and their samples. */
export interface MNISTOptions<X = Tensor, Y = number> {
  /** Whether to take the training images or the test images. Default true. */
  train?: boolean;
  /** Applied to each image. Default: none, and images are tensors from 0 to 1. */
  transform?: TransformLike<Tensor, X> | null;
  /** Applied to each class. Default: none. */
  targetTransform?: TransformLike<number, Y> | null;
  /**
   * Whether the files may come from the net. A constructor cannot wait: where files are missing it raises and names
   * `await FashionMNIST.download(root)`. Default false.
   */
  download?: boolean;
}

/** Images of one size with classes. Without transforms a batch is two indexed reads. */
export abstract class ImageClasses<X = Tensor, Y = number> extends Dataset<ImageSample<X, Y>> {
  /** The names of the classes. */
  readonly classes: readonly string[];
  /** All images, uint8 [N, H, W]. */
  readonly data: Tensor;
  /** All classes, int64 [N]. */
  readonly targets: Tensor;
  readonly length: number;
  /** Whether these are the training images. */
  readonly train: boolean;
  /** The folder of the files; undefined for what the package ships. */
  readonly root: string | undefined;
  readonly transform: TransformLike<Tensor, X> | null;
  readonly targetTransform: TransformLike<number, Y> | null;
  readonly #labels: Uint8Array;

  constructor(images: Images, classes: readonly string[], o: Partial<All<X, Y>>) {
    super();
    const { pixels, labels, height, width } = images;
    if (pixels.length !== labels.length * height * width) {
      throw new IOError(
        `expected as many images as labels, received ${pixels.length / (height * width)} and ${labels.length}`,
      );
    }
    this.classes = classes;
    this.length = labels.length;
    this.data = fromTypedArray(pixels, [labels.length, height, width]);
    this.targets = fromTypedArray(labels, [labels.length], { dtype: "int64" });
    this.train = o.train ?? true;
    this.root = o.root;
    checkTransforms(o);
    this.transform = o.transform ?? null;
    this.targetTransform = o.targetTransform ?? null;
    this.#labels = labels;
  }

  /** The number of each class by its name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  get(index: number): ImageSample<X, Y> {
    const i = checkIndex(index, this.length);
    const image = this.data.narrow(0, i, 1).to("float32").div_(255);
    const label = this.#labels[i] ?? 0;
    // Without a transform X is Tensor and Y is number: the defaults of the type parameters.
    const x = this.transform === null ? (image as X) : applied(this.transform, image);
    const y = this.targetTransform === null ? (label as Y) : applied(this.targetTransform, label);
    return [x, y];
  }

  getBatch(indices: readonly number[]): Collated<ImageSample<X, Y>> | undefined {
    if (this.transform !== null || this.targetTransform !== null) return undefined;
    const [images, labels] = rowsOf([this.data, this.targets], indices);
    return [images?.unsqueeze(1).to("float32").div_(255), labels] as Collated<ImageSample<X, Y>>;
  }

  protected override describeRepr(): readonly string[] {
    const root = this.root === undefined ? [] : [`Root location: ${this.root}`];
    return [...root, `Split: ${this.train ? "Train" : "Test"}`];
  }

  override toString(): string {
    const transforms = [
      ...(this.transform === null ? [] : [`Transform: ${nameOf(this.transform)}`]),
      ...(this.targetTransform === null ? [] : [`Target transform: ${nameOf(this.targetTransform)}`]),
    ];
    if (transforms.length === 0) return super.toString();
    return [super.toString(), "    StandardTransform", ...transforms].join("\n");
  }
}

guardSpelling(ImageClasses.prototype, ["classToIdx", "targetTransform"]);

/** Errors: what is neither a function nor an object with `forward`. */
function checkTransforms({ transform, targetTransform }: { transform?: unknown; targetTransform?: unknown }): void {
  for (const [name, given] of Object.entries({ transform, targetTransform })) {
    if (given !== undefined && given !== null) checkTransform(name, given);
  }
}

/** The pixels and classes of a set. */
interface Images {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

type All<X, Y> = MNISTOptions<X, Y> & { root: string };
type Options<X, Y> = Args<MNISTOptions<X, Y>, ["train", "transform", "targetTransform", "download"]>;
/** The arguments of a set in a folder. */
type RootArgs<X, Y> = [root: string, ...rest: Options<X, Y>] | [options: All<X, Y>];
const NAMES = ["train", "transform", "targetTransform", "download"] as const;

function readRoot<X, Y>(op: string, args: RootArgs<X, Y>): Partial<All<X, Y>> & { root: string } {
  const o = readArgs<All<X, Y>>(op, ["root", ...NAMES], args);
  const root = required(op, o, "root");
  if (typeof root !== "string") {
    throw new ArgumentError(`${op}: expected root to be the path of a folder, received ${describe(root)}`);
  }
  return { ...o, root };
}

/** Reads the two files of a set. Errors: files that are missing or damaged. */
function load(source: IdxSource, root: string, o: MNISTOptions<unknown, unknown>): Images {
  const part = (o.train ?? true) ? "train" : "t10k";
  const images = readIdx(findIdx(source, root, `${part}-images-idx3-ubyte`, o.download ?? false), 3);
  const labels = readIdx(findIdx(source, root, `${part}-labels-idx1-ubyte`, o.download ?? false), 1);
  const [, height = 0, width = 0] = images.shape;
  return { pixels: images.data, labels: labels.data, height, width };
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

  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("MNIST", args);
    super(load(MNIST_FILES, o.root, o), MNIST.classes, o);
  }

  /** Downloads the files that are missing to `root/MNIST/raw`. Errors: no mirror answers, or a file is not the expected one. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return downloadIdx(MNIST_FILES, root, options);
  }
}

/** Photographs of clothes: as {@link MNIST}, with ten kinds of clothes.   [Xiao, Rasul, Vollgraf 2017] */
export class FashionMNIST<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = [
    ...["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
    ...["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  ];

  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("FashionMNIST", args);
    super(load(FASHION_MNIST_FILES, o.root, o), FashionMNIST.classes, o);
  }

  /** Downloads the files that are missing to `root/FashionMNIST/raw`. Errors: as of {@link MNIST.download}. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return downloadIdx(FASHION_MNIST_FILES, root, options);
  }
}

/** The data that the package ships. */
const SHIPPED = fileURLToPath(new URL("../../../data/", import.meta.url));

/** The images for whose index `keep` holds. */
function choose({ pixels, labels, height, width }: Images, keep: (i: number) => boolean): Images {
  const rows = Array.from(labels.keys()).filter(keep);
  const size = height * width;
  const out = new Uint8Array(rows.length * size);
  rows.forEach((row, i) => {
    out.set(pixels.subarray(row * size, (row + 1) * size), i * size);
  });
  return { pixels: out, labels: Uint8Array.from(rows, (row) => labels[row] ?? 0), height, width };
}

/** 900 genuine Fashion-MNIST images that the package ships: 90 of each class, the first 72 to train, the last 18 to test. */
export class FashionMNISTSample<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = FashionMNIST.classes;

  constructor(...args: Options<X, Y>) {
    const o = readArgs<All<X, Y>>("FashionMNISTSample", NAMES, args);
    const pixels = readIdx(join(SHIPPED, "fashion-sample-images-idx3-ubyte.gz"), 3).data;
    const labels = readIdx(join(SHIPPED, "fashion-sample-labels-idx1-ubyte.gz"), 1).data;
    const train = o.train ?? true;
    super(
      choose({ pixels, labels, height: 28, width: 28 }, (i) => i % 90 < 72 === train),
      FashionMNIST.classes,
      o,
    );
  }
}

/** MNIST's 10,000 test images, which the package ships: the first 9,000 to train, the rest to test. */
export class MNISTSample<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = MNIST.classes;

  constructor(...args: Options<X, Y>) {
    const o = readArgs<All<X, Y>>("MNISTSample", NAMES, args);
    const all = load(MNIST_FILES, join(SHIPPED, "mnist"), { train: false });
    const train = o.train ?? true;
    super(
      choose(all, (i) => i < 9000 === train),
      MNIST.classes,
      o,
    );
  }
}
