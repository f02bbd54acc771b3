/** Random images. */
import { type Args, readArgs } from "../../args.js";
import { randint, randn } from "../../creation.js";
import { checkIndex } from "../../data/dataset.js";
import { getRngState, manualSeed, setRngState } from "../../random.js";
import type { Tensor } from "../../tensor.js";
import { toPilImage } from "../transforms/functional/convert.js";
import { VisionDataset, type VisionDatasetOptions } from "./vision-dataset.js";

/** Options of {@link FakeData}. */
export interface FakeDataOptions<X = Tensor, Y = number>
  extends Pick<VisionDatasetOptions<Tensor, number, X, Y>, "transform" | "targetTransform"> {
  /** How many images. Default 1000. */
  size?: number;
  /** Channels, height and width. Default 3, 224, 224. */
  imageSize?: readonly number[];
  /** How many classes. Default 10. */
  numClasses?: number;
  /** Added to the index, which seeds an image. Default 0. */
  randomOffset?: number;
}
const NAMES = ["size", "imageSize", "numClasses", "transform", "targetTransform", "randomOffset"] as const;

/** Random images with random classes, the same at every run: uint8 [C, H, W] and a number, of the seed index + randomOffset. */
export class FakeData<X = Tensor, Y = number> extends VisionDataset<Tensor, number, X, Y> {
  readonly length: number;
  readonly size: number;
  readonly imageSize: readonly number[];
  readonly numClasses: number;
  readonly randomOffset: number;

  constructor(...args: Args<FakeDataOptions<X, Y>, typeof NAMES>) {
    const o = readArgs<FakeDataOptions<X, Y>>("FakeData", NAMES, args);
    super(undefined, o);
    this.size = o.size ?? 1000;
    this.length = this.size;
    this.imageSize = o.imageSize ?? [3, 224, 224];
    this.numClasses = o.numClasses ?? 10;
    this.randomOffset = o.randomOffset ?? 0;
  }

  get(index: number): [X, Y] {
    const i = checkIndex(index, this.length);
    const state = getRngState();
    manualSeed(i + this.randomOffset);
    const image = toPilImage(randn([...this.imageSize]));
    const label = randint(0, this.numClasses, [1]).item() as number;
    setRngState(state);
    return this.changed(image, label);
  }
}
