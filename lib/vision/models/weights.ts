/** Pretrained weights as data: where they are, what they were trained with, what they are good for. */
import { inspect } from "node:util";
import { ArgumentError } from "../../errors.js";
import { type LoadFromUrlOptions, loadStateDictFromUrl } from "../../hub/index.js";
import type { StateDict } from "../../nn/index.js";
import { describe } from "../../tensor/base.js";
import { ImageClassification, type ImageClassificationOptions } from "../transforms/image-classification.js";
import { IMAGENET_CATEGORIES } from "./imagenet.js";

/** What is known of weights, by torchvision's keys. */
export interface WeightsMeta {
  /** The number of parameters. */
  readonly num_params: number;
  /** The smallest height and width that the model takes. */
  readonly min_size: readonly [number, number];
  /** The names of the classes; none where the weights are of the features alone. */
  readonly categories: readonly string[] | null;
  /** Where the training is described. */
  readonly recipe: string;
  /** Accuracies in percent by data set. */
  readonly _metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Multiply-adds in billions. */
  readonly _ops: number;
  /** The size of the file in megabytes. */
  readonly _file_size: number;
  /** Their licence, where it is not PyTorch's. */
  readonly license?: string;
}

/** Weights of a model. */
export class Weights {
  /** The name of their set: `ResNet18_Weights`. */
  readonly set: string;
  /** Their name in it: `IMAGENET1K_V1`. */
  readonly name: string;
  readonly url: string;
  readonly meta: WeightsMeta;
  readonly #preset: ImageClassificationOptions;

  constructor(set: string, name: string, url: string, preset: ImageClassificationOptions, meta: WeightsMeta) {
    this.set = set;
    this.name = name;
    this.url = url;
    this.#preset = preset;
    this.meta = meta;
  }

  /** The transform of images that the weights expect. */
  transforms(options: Partial<ImageClassificationOptions> = {}): ImageClassification {
    return new ImageClassification({ ...this.#preset, ...options });
  }

  /** The first digits of the file's SHA-256, which are in its name. */
  get checksum(): string {
    return /-([a-f0-9]{8,})\./.exec(this.url)?.[1] ?? "";
  }

  /** The weights themselves, downloaded or from the cache. */
  getStateDict(options: LoadFromUrlOptions = {}): Promise<StateDict> {
    return loadStateDictFromUrl(this.url, options);
  }

  /** `ResNet18_Weights.IMAGENET1K_V1` */
  toString(): string {
    return `${this.set}.${this.name}`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

/** The weights of a builder by name; `DEFAULT` is the best of them. */
export type WeightsSet<N extends string = never> = { readonly [K in N | "DEFAULT"]: Weights };

/** One row of a set: what is particular to it. */
export interface WeightsRow {
  readonly url: string;
  readonly params: number;
  readonly acc: readonly [at1: number, at5: number];
  readonly ops: number;
  readonly size: number;
  readonly preset: ImageClassificationOptions;
  readonly minSize?: readonly [number, number];
  readonly recipe: string;
  readonly license?: string;
  /** Whether there is no classifier among them. */
  readonly featuresOnly?: boolean;
}

/** Makes a set of weights; `best` is the default. */
export function weightsSet<N extends string>(
  set: string,
  best: NoInfer<N>,
  rows: Readonly<Record<N, WeightsRow>>,
): WeightsSet<N> {
  const made = Object.entries<WeightsRow>(rows).map(([name, row]): [string, Weights] => {
    const meta: WeightsMeta = {
      num_params: row.params,
      min_size: row.minSize ?? [1, 1],
      categories: row.featuresOnly === true ? null : IMAGENET_CATEGORIES,
      recipe: row.recipe,
      _metrics: { "ImageNet-1K": { "acc@1": row.acc[0], "acc@5": row.acc[1] } },
      _ops: row.ops,
      _file_size: row.size,
      ...(row.license === undefined ? {} : { license: row.license }),
    };
    return [name, new Weights(set, name, row.url, row.preset, meta)];
  });
  const all = Object.fromEntries(made);
  const found = all[best];
  if (found === undefined) throw new ArgumentError(`${set}: there is no ${best}`);
  Object.defineProperty(all, "DEFAULT", { value: found, enumerable: false });
  return Object.freeze(all) as unknown as WeightsSet<N>;
}

/** Weights of a set by name, `"DEFAULT"` or `"ResNet18_Weights.IMAGENET1K_V1"`, or themselves. Errors: others. */
export function verifyWeights(set: WeightsSet, setName: string, given: Weights | string): Weights {
  if (given instanceof Weights) {
    if (Object.values(set).includes(given)) return given;
    throw new ArgumentError(`Invalid Weight class provided; expected ${setName} but received ${given.set}.`);
  }
  if (typeof given !== "string") {
    throw new ArgumentError(`expected weights of ${setName} or their name, received ${describe(given)}`);
  }
  const name = given.startsWith(`${setName}.`) ? given.slice(setName.length + 1) : given;
  if (name === "DEFAULT") return set.DEFAULT;
  const found = Object.hasOwn(set, name) ? set[name as "DEFAULT"] : undefined;
  if (found !== undefined) return found;
  throw new ArgumentError(`Invalid weights: there is no ${given}; ${setName} has ${Object.keys(set).join(", ")}`);
}
