/** What all data sets of images have in common. */
import { Dataset } from "../../data/dataset.js";
import { ArgumentError } from "../../errors.js";
import { guardSpelling } from "../../spelling.js";
import { describe } from "../../tensor/base.js";
import { warnOnce } from "../../warnings.js";
import { applied, isTransform, nameOf, type TransformLike } from "../transforms/transform.js";
import { ModuleTransform } from "./module-transform.js";

/** Options of all data sets of images. `I` is the image before its transform, `L` the target. */
export interface VisionDatasetOptions<I, L, X, Y> {
  /**
   * Applied to each image, uint8 [C, H, W]. The path of a module stands for the transform or function that it exports as its default:
   * a loader with workers runs it on threads of their own. Default: none.
   */
  transform?: TransformLike<I, X> | string | URL | null;
  /** Applied to each target. Default: none. */
  targetTransform?: TransformLike<L, Y> | null;
  /** Applied to each image and its target, in the place of the other two: gives both. Default: none. */
  transforms?: ((image: I, target: L) => [X, Y] | readonly [X, Y]) | null;
}

/** A data set of images, each with a target. */
export abstract class VisionDataset<I, L, X, Y> extends Dataset<[image: X, target: Y]> {
  /** The folder of the files; undefined for what the package ships. */
  readonly root: string | undefined;
  readonly transform: TransformLike<I, X> | null;
  readonly targetTransform: TransformLike<L, Y> | null;
  readonly transforms: ((image: I, target: L) => [X, Y] | readonly [X, Y]) | null;

  constructor(root?: string, o: VisionDatasetOptions<I, L, X, Y> = {}) {
    super();
    this.root = root;
    const { transform: given = null, targetTransform = null, transforms = null } = o;
    const isPath = typeof given === "string" || given instanceof URL;
    const transform = isPath ? new ModuleTransform<I, X>(given) : given;
    for (const [name, given] of Object.entries({ transform, targetTransform })) checkTransform(name, given);
    if (transforms !== null) {
      if (transform !== null || targetTransform !== null) {
        throw new ArgumentError("Only transforms or transform/target_transform can be passed as argument");
      }
      if (typeof transforms !== "function") {
        throw new ArgumentError(`expected transforms to be a function of an image and a target, received ${describe(transforms)}`); // biome-ignore format: one line
      }
    }
    this.transform = transform;
    this.targetTransform = targetTransform;
    this.transforms = transforms;
  }

  /** A sample of an image and a target. */
  protected changed(image: I, target: L): [X, Y] {
    if (this.transforms !== null) {
      const [x, y] = this.transforms(image, target);
      return [x, y];
    }
    // Without transforms I is X and L is Y: the defaults of the type parameters.
    const x = this.transform === null ? (image as unknown as X) : applied(this.transform, image);
    return [x, this.changedTarget(target)];
  }

  /** A target, changed. */
  protected changedTarget(target: L): Y {
    return this.targetTransform === null ? (target as unknown as Y) : applied(this.targetTransform, target);
  }

  override toString(): string {
    const shown = [
      ...(this.transforms === null ? [] : [`    ${nameOf(this.transforms)}`]),
      ...(this.transform === null ? [] : [`Transform: ${nameOf(this.transform)}`]),
      ...(this.targetTransform === null ? [] : [`Target transform: ${nameOf(this.targetTransform)}`]),
    ];
    if (shown.length === 0) return super.toString();
    const lines = shown.flatMap((text) => {
      const [first = "", ...rest] = text.split("\n");
      const indent = " ".repeat(text.startsWith("Target transform: ") ? 18 : text.startsWith("Transform: ") ? 11 : 0);
      return [first, ...rest.map((line) => indent + line)];
    });
    return [super.toString(), ...(this.transforms === null ? ["    StandardTransform"] : []), ...lines].join("\n");
  }
}

guardSpelling(VisionDataset.prototype, ["targetTransform"]);

/** Errors: what is neither a function nor an object with `forward`. */
function checkTransform(name: string, given: unknown): void {
  if (given === null || isTransform(given)) return;
  throw new ArgumentError(`expected ${name} to be a function or a transform with forward, received ${describe(given)}`);
}

/** Says once that transforms of the user's run on this thread, whatever `numWorkers` is. */
export function warnOfThread(): void {
  warnOnce(
    "CANDLEWICK_TRANSFORM_THREAD",
    "a transform written in JavaScript runs on this thread, one sample after another; files are read and decoded on others. Give the path of a module that exports it, and each worker runs it on a thread of its own",
  );
}
