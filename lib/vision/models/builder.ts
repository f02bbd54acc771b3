/** Builders of models, and the list of them. */

import { isOptions } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Layer } from "../../nn/index.js";
import type { Module } from "../../nn/module.js";
import { pyRepr } from "../../repr.js";
import { checkOptions } from "../../serialization/files.js";
import { snake } from "../../spelling.js";
import { describe } from "../../tensor/base.js";
import { warnOnce } from "../../warnings.js";
import type * as models from "./index.js";
import { loadWeights } from "./load-weights.js";
import { verifyWeights, type Weights, type WeightsSet } from "./weights.js";

/** Options that ask for pretrained weights. */
export interface WithWeights {
  /** Weights of the builder's set, or their name; `"DEFAULT"` is the best. Default: none. */
  weights?: Weights | string | null;
  /** PyTorch's older word: true is `IMAGENET1K_V1`. */
  pretrained?: boolean;
  /** Whether a bar shows the download. Default true. */
  progress?: boolean;
}

/** The key of a builder's weights. */
const WEIGHTS: unique symbol = Symbol("candlewick.weights");
declare const TYPES: unique symbol;

/** Options that ask for weights. */
type Wanted = { weights: Weights | string } | { pretrained: true };

/** Builds a model: with weights a promise of it, without them the model. */
export interface Builder<M extends Module = Module, O extends object = object, W = WeightsSet> {
  (options: O & WithWeights & Wanted): Promise<M>;
  (options?: O & { weights?: null; pretrained?: false; progress?: boolean }): M;
  (options?: O & WithWeights): M | Promise<M>;
  readonly [WEIGHTS]: W;
  /** What it builds, of what options: for types alone. */
  readonly [TYPES]?: readonly [model: M, options: O];
}

/** Every builder by its name. */
type Zoo = {
  [N in keyof typeof models as (typeof models)[N] extends { readonly [WEIGHTS]: unknown }
    ? N
    : never]: (typeof models)[N];
};
/** The names of the builders. */
export type ModelName = keyof Zoo;
type ModelOf<N extends ModelName> = NonNullable<Zoo[N][typeof TYPES]>[0];
type OptionsOf<N extends ModelName> = NonNullable<Zoo[N][typeof TYPES]>[1];

/** A name of which the type does not say whether it is a builder's. */
type Unknown<S extends string> = string extends S ? S : never;

const BUILDERS = new Map<string, Builder>();

/** What is particular to a builder when it loads weights. */
export interface Pretraining<M, O> {
  /** The options that the weights need, from those that were given. */
  readonly options?: (given: O, weights: Weights) => O;
  /** Finishes the model, once its weights are loaded. */
  readonly loaded?: (model: M, given: O) => void;
}

/** Registers a builder under its name. */
export function builder<M extends Module, O extends object, W extends WeightsSet>(
  name: string,
  weights: W,
  make: (options: O) => M,
  pretraining: Pretraining<M, O> = {},
): Builder<M, O, W> {
  const weightsName = weights.DEFAULT.set;
  const build = (given: O & WithWeights = {} as O): M | Promise<M> => {
    if (!isOptions(given)) {
      throw new ArgumentError(`${name}: expected options, received ${describe(given)}`, { op: name });
    }
    const { weights: wanted, pretrained, progress = true, ...options } = given;
    const chosen = choose(name, weights, weightsName, wanted, pretrained);
    if (chosen === null) return make(options as unknown as O);
    const { categories } = chosen.meta;
    if (categories !== null) {
      const advice = ": build it with its weights, then replace the last layer";
      fixed<{ numClasses?: number }>(name, options, { numClasses: categories.length }, advice);
    }
    const asGiven = options as unknown as O; // without what every builder takes
    const build = () => make(pretraining.options?.(asGiven, chosen) ?? asGiven);
    return loadWeights(build, chosen, progress).then((model) => {
      pretraining.loaded?.(model, asGiven);
      return model;
    });
  };
  Object.defineProperty(build, "name", { value: name });
  const made = Object.assign(build, { [WEIGHTS]: weights }) as unknown as Builder<M, O, W>;
  BUILDERS.set(name, made as unknown as Builder);
  return made;
}

/**
 * Options with the values that a builder fixes. Errors: another value was given.
 * @internal
 */
export function fixed<O extends object>(op: string, options: O, values: Partial<O>, advice = ""): O {
  for (const [name, value] of Object.entries(values)) {
    const given: unknown = Reflect.get(options, name);
    if (given === undefined || JSON.stringify(given) === JSON.stringify(value)) continue;
    throw new ArgumentError(
      `The parameter '${snake(name)}' expected value ${pyRepr(value)} but got ${describeValue(given)} instead${advice}`,
      { op },
    );
  }
  return { ...options, ...values };
}

function describeValue(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? pyRepr(value) : describe(value);
}

function choose(
  name: string,
  set: WeightsSet,
  setName: string,
  wanted: Weights | string | null | undefined,
  pretrained: boolean | undefined,
): Weights | null {
  if (pretrained !== undefined) {
    if (typeof pretrained !== "boolean") {
      throw new ArgumentError(`${name}: expected pretrained to be a boolean, received ${describe(pretrained)}`, {
        op: name,
      });
    }
    warnOnce(
      "CANDLEWICK_PRETRAINED",
      "The parameter 'pretrained' is deprecated since 0.13 and may be removed in the future, please use 'weights' instead.",
    );
    if (wanted !== undefined) return wanted === null ? null : verifyWeights(set, setName, wanted);
    const chosen = pretrained ? verifyWeights(set, setName, "IMAGENET1K_V1") : null;
    const advice =
      chosen === null ? "" : ` You can also use \`weights=${setName}.DEFAULT\` to get the most up-to-date weights.`;
    warnOnce(
      `CANDLEWICK_PRETRAINED_${chosen?.set ?? "NONE"}`,
      `Arguments other than a weight enum or \`None\` for 'weights' are deprecated since 0.13 and may be removed in the future. The current behavior is equivalent to passing \`weights=${chosen ?? "None"}\`.${advice}`,
    );
    return chosen;
  }
  return wanted === undefined || wanted === null ? null : verifyWeights(set, setName, wanted);
}

/** Options of {@link listModels}. */
export interface ListModelsOptions {
  /** Patterns of names: `*`, `?`, `[abc]`, `[!abc]`. Default, and of an empty list: all. */
  include?: string | readonly string[] | null;
  /** Patterns of names that are left out. Default: none. */
  exclude?: string | readonly string[] | null;
}

/** A pattern of file names as a regular expression. */
function patternOf(pattern: string): RegExp {
  const parts = pattern.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const text = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length === 1) return part.replace(/[.+^${}()|[\]\\]/, "\\$&");
    const inside = part.slice(1, -1).replace(/[\\\]^]/g, "\\$&");
    return inside.startsWith("!") ? `[^${inside.slice(1)}]` : `[${inside}]`;
  });
  return new RegExp(`^${text.join("")}$`);
}

/** The names of all builders, in alphabetical order: `listModels({ include: "resnet*" })`. */
export function listModels(options: ListModelsOptions = {}): string[] {
  const op = "listModels";
  checkOptions(op, options, ["include", "exclude"]);
  const testsOf = (name: string, patterns: unknown): RegExp[] => {
    const list = typeof patterns === "string" ? [patterns] : (patterns ?? []);
    if (!Array.isArray(list) || !list.every((p) => typeof p === "string")) {
      throw new ArgumentError(`${op}: expected ${name} to be a pattern or a list of them, received ${describe(patterns)}`, { op }); // biome-ignore format: one line
    }
    return list.filter((p) => p !== "").map(patternOf);
  };
  const [included, excluded] = [testsOf("include", options.include), testsOf("exclude", options.exclude)];
  const isIn = (name: string, tests: RegExp[]) => tests.some((test) => test.test(name));
  return [...BUILDERS.keys()]
    .filter((name) => (included.length === 0 || isIn(name, included)) && !isIn(name, excluded))
    .sort();
}

/** The builder of a name. Errors: there is none. */
export function getModelBuilder<N extends ModelName>(name: N): Zoo[N];
export function getModelBuilder(name: string): Builder;
export function getModelBuilder(name: string): Builder {
  const found = BUILDERS.get(typeof name === "string" ? name.toLowerCase() : "");
  if (found === undefined) throw new ArgumentError(`Unknown model ${describe(name)}`);
  return found;
}

/** Builds the model of a name: `getModel("resnet18", { numClasses: 10 })`. Errors: there is none. */
export function getModel<N extends ModelName>(
  name: N,
  options: OptionsOf<N> & WithWeights & Wanted,
): Promise<ModelOf<N>>;
export function getModel<N extends ModelName>(
  name: N,
  options?: OptionsOf<N> & { weights?: null; pretrained?: false; progress?: boolean },
): ModelOf<N>;
export function getModel<N extends ModelName>(
  name: N,
  options: OptionsOf<N> & WithWeights,
): ModelOf<N> | Promise<ModelOf<N>>;
export function getModel<S extends string>(
  name: Unknown<S>,
  options: WithWeights & Record<string, unknown> & Wanted,
): Promise<Layer>;
export function getModel<S extends string>(name: Unknown<S>, options?: Record<string, unknown>): Layer;
export function getModel(name: string, options: object = {}): Module | Promise<Module> {
  return Reflect.apply(getModelBuilder(name), undefined, [options]) as Module | Promise<Module>;
}

/** The set of weights of a builder, or of its name. Errors: there is none. */
export function getModelWeights<N extends ModelName>(model: N): Zoo[N][typeof WEIGHTS];
export function getModelWeights<W>(model: { readonly [WEIGHTS]: W }): W;
export function getModelWeights(model: string): WeightsSet;
export function getModelWeights(model: string | { readonly [WEIGHTS]: unknown }): unknown {
  return (typeof model === "function" ? (model as Builder) : getModelBuilder(model as string))[WEIGHTS];
}

/** Weights by their full name, `"ResNet50_Weights.IMAGENET1K_V2"`. Errors: there are none. */
export function getWeight(name: string): Weights {
  const [setName = ""] = String(name).split(".");
  for (const { [WEIGHTS]: weights } of BUILDERS.values()) {
    const { set } = weights.DEFAULT;
    if (set === setName) return verifyWeights(weights, set, name);
  }
  throw new ArgumentError(`The weight enum '${setName}' for the specific method couldn't be retrieved.`);
}
