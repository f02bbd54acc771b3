/** Images of one size in memory, with classes. */
import { listOf } from "../../argument-types.js";
import type { Collated } from "../../data/collate.js";
import { checkIndex, type OpenedBatch, rowsOf } from "../../data/dataset.js";
import { IOError } from "../../errors.js";
import { native } from "../../native.js";
import { guardSpelling } from "../../spelling.js";
import { handleOf, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type Plan, plannerOf } from "./plan.js";
import { onThread, openedThere } from "./transform-thread.js";
import { VisionDataset, type VisionDatasetOptions } from "./vision-dataset.js";

/** One sample without transforms: the image and its class. */
export type ImageSample<X = Tensor, Y = number> = [image: X, label: Y];

/** Options of sets of images in memory. */
export interface ImageArrayOptions<X = Tensor, Y = number> extends VisionDatasetOptions<Tensor, number, X, Y> {
  /** Whether to take the training images or the test images. Default true. */
  train?: boolean;
  /**
   * Whether the files may come from the net. A constructor cannot wait: where files are missing it raises and names
   * `await FashionMNIST.download(root)`. Default false.
   */
  download?: boolean;
}

/** The images and classes of a set. */
export interface ImageArray {
  /** uint8 [N, C, H, W]. */
  readonly images: Tensor;
  /** uint8 or int64 [N]. */
  readonly labels: Tensor;
}

/** Images of one size with classes. A batch is made in one native call, unless a transform is written in JavaScript. */
export abstract class ImageClasses<X = Tensor, Y = number> extends VisionDataset<Tensor, number, X, Y> {
  /** The names of the classes. */
  readonly classes: readonly string[];
  /** All classes, int64 [N]. */
  readonly targets: Tensor;
  readonly length: number;
  /** Whether these are the training images. */
  readonly train: boolean;
  /** All images, uint8 [N, C, H, W]. */
  protected readonly images: Tensor;
  readonly #labels: readonly number[];
  readonly #planner: ((count: number) => Plan) | undefined;

  constructor(
    root: string | undefined,
    { images, labels }: ImageArray,
    classes: readonly string[],
    o: ImageArrayOptions<X, Y>,
  ) {
    super(root, o);
    const [count = 0, channels = 0, height = 0, width = 0] = images.shape;
    if (count !== labels.size(0)) {
      throw new IOError(`expected as many images as labels, received ${count} and ${labels.size(0)}`);
    }
    this.classes = classes;
    this.length = count;
    this.images = images;
    this.targets = labels.to("int64");
    this.train = o.train ?? true;
    this.#labels = this.targets.tolist() as number[];
    const planner = this.transforms === null ? plannerOf(this.transform) : undefined;
    this.#planner = planner && ((n) => planner(Array(n).fill([channels, height, width])));
  }

  /** All images as torchvision has them. */
  abstract get data(): Tensor;

  /** Whether images without a transform are floats from 0 to 1. */
  protected abstract readonly givesFloats: boolean;

  /** The number of each class by its name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** What a sample or a batch without transforms is. */
  #plain(images: Tensor): Tensor {
    return this.givesFloats ? images.to("float32").div_(255) : images;
  }

  get(index: number): [X, Y] {
    const i = checkIndex(index, this.length);
    const image = this.images.select(0, i);
    const isPlain = this.transform === null && this.transforms === null;
    return this.changed(isPlain ? this.#plain(image) : image, this.#labels[i] ?? 0);
  }

  /** A batch that a thread makes; undefined where none does. */
  openBatch(indices: readonly number[]): Promise<OpenedBatch<[X, Y]>> | undefined {
    if (this.get !== ImageClasses.prototype.get || this.transforms !== null) return undefined;
    const at = listOf("openBatch", "indices", indices).map((i) => checkIndex(i, this.length));
    const batch = onThread(this.transform, () => {
      const [rows] = rowsOf([this.images], at);
      const [, c = 0, h = 0, w = 0] = this.images.shape;
      return { data: rows?.toTypedArray("uint8") ?? new Uint8Array(), shape: [at.length, c, h, w] };
    });
    if (batch === undefined) return undefined;
    return Promise.resolve(
      openedThere(
        batch,
        at.map((i) => this.changedTarget(this.#labels[i] ?? 0)),
      ),
    );
  }

  getBatch(indices: readonly number[]): Collated<[X, Y]> | undefined {
    if (this.targetTransform !== null || this.#planner === undefined) return undefined;
    if (this.transform === null) {
      const [images, labels] = rowsOf([this.images, this.targets], indices);
      return [images && this.#plain(images), labels] as Collated<[X, Y]>;
    }
    const [labels] = rowsOf([this.targets], indices);
    const at = Float64Array.from(indices, (i) => checkIndex(i, this.length));
    const { steps, rest } = this.#planner(at.length);
    const batch = wrap(native.imageBatch(handleOf(this.images), at, ...steps));
    return [rest === undefined ? batch : rest(batch), labels] as Collated<[X, Y]>;
  }

  protected override describeRepr(): readonly string[] {
    const root = this.root === undefined ? [] : [`Root location: ${this.root}`];
    return [...root, `Split: ${this.train ? "Train" : "Test"}`];
  }
}

guardSpelling(ImageClasses.prototype, ["classToIdx"]);
