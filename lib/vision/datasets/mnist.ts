/** MNIST and its kin, from IDX files. */
import { join } from "node:path";
import { type Args, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import {
  type DownloadOptions,
  downloadIdx,
  FASHION_MNIST_FILES,
  findIdx,
  type IdxSource,
  KMNIST_FILES,
  MNIST_FILES,
} from "./files.js";
import { readIdx } from "./idx.js";
import { type ImageArray, type ImageArrayOptions, ImageClasses } from "./image-array.js";

/** Options of {@link MNIST} and its kin. */
export type MNISTOptions<X = Tensor, Y = number> = ImageArrayOptions<X, Y>;

export const NAMES = ["train", "transform", "targetTransform", "download", "transforms"] as const;
type All<X, Y> = MNISTOptions<X, Y> & { root: string };
type Options<X, Y> = Args<MNISTOptions<X, Y>, typeof NAMES>;
/** The arguments of a set in a folder. */
export type RootArgs<X, Y> = [root: string, ...rest: Options<X, Y>] | [options: All<X, Y>];

/** Reads the arguments of a set in a folder. Errors: a root that is no path. */
export function readRoot<X, Y>(op: string, args: RootArgs<X, Y>): Partial<All<X, Y>> & { root: string } {
  const o = readArgs<All<X, Y>>(op, ["root", ...NAMES], args);
  return { ...o, root: rootOf(op, required(op, o, "root")) };
}

/** A folder's path. Errors: what is none. */
export function rootOf(op: string, root: unknown): string {
  if (typeof root === "string") return root;
  throw new ArgumentError(`${op}: expected root to be the path of a folder, received ${describe(root)}`);
}

/** Images and labels of IDX files. */
export function readImages(imagesFile: string, labelsFile: string): ImageArray {
  return { images: readIdx(imagesFile, 3).unsqueeze(1), labels: readIdx(labelsFile, 1) };
}

/** The training or the test images of a set in a folder. */
export function load(source: IdxSource, root: string, o: MNISTOptions<unknown, unknown>): ImageArray {
  const part = (o.train ?? true) ? "train" : "t10k";
  const place = (file: string) => findIdx(source, root, `${part}-${file}-ubyte`, o.download ?? false);
  return readImages(place("images-idx3"), place("labels-idx1"));
}

/** Gray images of 28 x 28 pixels with ten classes or more. */
export abstract class GrayClasses<X = Tensor, Y = number> extends ImageClasses<X, Y> {
  protected override readonly givesFloats: boolean = true;

  /** All images, uint8 [N, H, W]. */
  override get data(): Tensor {
    return this.images.squeeze(1);
  }
}

/**
 * Handwritten digits: 60,000 training and 10,000 test images, 28 x 28, from the IDX files in `root`. A sample is `[image, label]`: a
 * transform gets the image as uint8 [1, 28, 28]; without one it is float32, pixels / 255 (PyTorch gives a PIL image). The label is a
 * number. Errors: files that are missing or damaged.   [LeCun, Cortes, Burges]
 */
export class MNIST<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = [
    ...["0 - zero", "1 - one", "2 - two", "3 - three", "4 - four"],
    ...["5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine"],
  ];

  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("MNIST", args);
    super(o.root, load(MNIST_FILES, o.root, o), MNIST.classes, o);
  }

  /** Downloads the files that are missing to `root/MNIST/raw`. Errors: no mirror answers, or a file is not the expected one. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return downloadIdx(MNIST_FILES, root, options);
  }
}

/** Photographs of clothes: as {@link MNIST}, with ten kinds of clothes.   [Xiao, Rasul, Vollgraf 2017] */
export class FashionMNIST<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = [
    ...["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
    ...["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  ];

  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("FashionMNIST", args);
    super(o.root, load(FASHION_MNIST_FILES, o.root, o), FashionMNIST.classes, o);
  }

  /** Downloads the files that are missing to `root/FashionMNIST/raw`. Errors: as of {@link MNIST.download}. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return downloadIdx(FASHION_MNIST_FILES, root, options);
  }
}

/** Cursive Japanese characters: as {@link MNIST}, with ten of them.   [Clanuwat et al. 2018] */
export class KMNIST<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

  constructor(...args: RootArgs<X, Y>) {
    const o = readRoot("KMNIST", args);
    super(o.root, load(KMNIST_FILES, o.root, o), KMNIST.classes, o);
  }

  /** Downloads the files that are missing to `root/KMNIST/raw`. Errors: as of {@link MNIST.download}. */
  static download(root: string, options?: DownloadOptions): Promise<void> {
    return downloadIdx(KMNIST_FILES, root, options);
  }
}

/** The folder of IDX files of a set. */
export const rawFolder = (root: string, name: string) => join(root, name, "raw");
