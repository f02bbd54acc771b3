/** The samples of data sets that the package ships. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Args, readArgs } from "../../args.js";
import { tensor } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { MNIST_FILES } from "./files.js";
import type { ImageArray } from "./image-array.js";
import { FashionMNIST, GrayClasses, load, MNIST, type MNISTOptions, NAMES, readImages } from "./mnist.js";

/** The data that the package ships. */
const SHIPPED = fileURLToPath(new URL("../../../data/", import.meta.url));

/** The images for whose index `keep` holds. */
function choose({ images, labels }: ImageArray, keep: (i: number) => boolean): ImageArray {
  const rows = Array.from({ length: labels.size(0) }, (_, i) => i).filter(keep);
  const at = tensor(rows, { dtype: "int64" });
  return { images: images.indexSelect(0, at), labels: labels.indexSelect(0, at) };
}

type Options<X, Y> = Args<MNISTOptions<X, Y>, typeof NAMES>;

/** 900 genuine Fashion-MNIST images that the package ships: 90 of each class, the first 72 to train, the last 18 to test. */
export class FashionMNISTSample<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = FashionMNIST.classes;

  constructor(...args: Options<X, Y>) {
    const o = readArgs<MNISTOptions<X, Y>>("FashionMNISTSample", NAMES, args);
    const file = (name: string) => join(SHIPPED, `fashion-sample-${name}-ubyte.gz`);
    const all = readImages(file("images-idx3"), file("labels-idx1"));
    const train = o.train ?? true;
    super(
      undefined,
      choose(all, (i) => i % 90 < 72 === train),
      FashionMNIST.classes,
      o,
    );
  }
}

/** MNIST's 10,000 test images, which the package ships: the first 9,000 to train, the rest to test. */
export class MNISTSample<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The names of the classes. */
  static readonly classes: readonly string[] = MNIST.classes;

  constructor(...args: Options<X, Y>) {
    const o = readArgs<MNISTOptions<X, Y>>("MNISTSample", NAMES, args);
    const all = load(MNIST_FILES, join(SHIPPED, "mnist"), { train: false });
    const train = o.train ?? true;
    super(
      undefined,
      choose(all, (i) => i < 9000 === train),
      MNIST.classes,
      o,
    );
  }
}
