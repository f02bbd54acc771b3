/** What a transform does to the images of a batch, gathered before any pixel is read. */
import { stack } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { encodeSteps, Picture, type Step } from "../transforms/picture.js";
import { applyOf, isRandom } from "../transforms/transform.js";

/** Channels, height and width. */
export type ImageSize = readonly [channels: number, height: number, width: number];

/** What is done to each image, or to all alike. */
export interface Plan {
  /** The steps of native code, as it reads them. */
  readonly steps: readonly [names: string, numbers: Float64Array];
  /** What operations of tensors do afterwards to each image; undefined where there is nothing. */
  readonly rest: ((batch: Tensor) => Tensor) | undefined;
}

/** Makes plans of a transform; undefined for one that must see the pixels. None gives images of bytes. */
export function plannerOf(transform: unknown): ((sizes: readonly ImageSize[]) => Plan) | undefined {
  const apply = transform === null ? (picture: Picture) => picture : applyOf(transform);
  if (apply === undefined) return undefined;
  const random = transform !== null && isRandom(transform);
  return (sizes) => {
    const pictureOf = ([channels, height, width]: ImageSize) =>
      apply(new Picture({ kind: "bytes", channels, height, width }));
    const [first] = sizes;
    const alike = !random && first !== undefined && sizes.every((size) => size.every((n, k) => n === first[k]));
    const pictures = (alike ? [first] : sizes).map(pictureOf);
    const steps = encodeAll(pictures.map((picture) => picture.steps));
    if (pictures.every((picture) => picture.rest.length === 0)) return { steps, rest: undefined };
    const restOf = (i: number) => (alike ? pictures[0] : pictures[i])?.rest ?? [];
    const rest = (batch: Tensor) =>
      stack(batch.unbind(0).map((image, i) => restOf(i).reduce((x, change) => change(x), image)));
    return { steps, rest };
  };
}

/** The steps of several images: names separated by semicolons, numbers one after another. */
function encodeAll(all: readonly (readonly Step[])[]): [string, Float64Array] {
  if (all.length === 1) return encodeSteps(all[0] ?? []);
  const names = all.map((steps) => steps.map(([name]) => name).join(",")).join(";");
  return [names, encodeSteps(all.flat())[1]];
}
