/** `torch.summary`: a table of a model's layers. */
import { noGrad } from "../autograd/modes.js";
import { ones } from "../creation.js";
import { type DType, itemSize } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { isModule } from "../marks.js";
import type { Module } from "../nn/module.js";
import { checkOptions } from "../serialization/files.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { firstTensor, type LayerInfo, multAddsOf } from "./layer.js";
import { ModelStatistics } from "./statistics.js";

export type { LayerInfo } from "./layer.js";
export { ModelStatistics } from "./statistics.js";

/** A shape without its batch, or those of several inputs. */
export type InputShape = readonly number[] | readonly (readonly number[])[];

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** The inputs themselves, in the place of a shape: for tokens, for example. */
  inputData?: Tensor | readonly Tensor[];
  /** How many samples the input has. Default 1. */
  batchSize?: number;
  /** The element type of the input. Default float32. */
  dtype?: DType;
  /** How deep modules are shown. Default 3. */
  depth?: number;
  /** Whether the table is printed. Default true. */
  verbose?: boolean;
}

/**
 * Runs a model once on ones of `inputShape`, which has no batch, and prints its layers with their output shapes, numbers of
 * parameters and multiply-adds. `model` is in evaluation while it runs, without gradients, and then as it was.
 * Returns what it printed, with the numbers. Errors: an input that the model refuses.
 * [torchinfo](https://github.com/TylerYep/torchinfo)
 */
export function summary(model: Module, inputShape?: InputShape | null, options: SummaryOptions = {}): ModelStatistics {
  const op = "summary";
  if (!isModule(model)) throw new ArgumentError(`${op}: expected a module, received ${describe(model)}`, { op });
  checkOptions(op, options, ["inputData", "batchSize", "dtype", "depth", "verbose"]);
  const { depth = 3, verbose = true } = options;
  if (!Number.isInteger(depth) || depth < 0) {
    throw new ArgumentError(`${op}: expected depth to be an integer from 0, received ${describe(depth)}`, { op });
  }
  const inputs = inputsOf(op, inputShape ?? undefined, options);
  const root = traced(model, inputs);
  const bytes = (list: readonly Tensor[]) => list.reduce((n, x) => n + x.numel() * itemSize(x.dtype), 0);
  const statistics = new ModelStatistics(root, bytes(inputs), bytes(model.parameters()), depth);
  if (verbose) console.log(statistics.toString());
  return statistics;
}

function inputsOf(op: string, shape: InputShape | undefined, options: SummaryOptions): readonly Tensor[] {
  const { inputData, batchSize = 1, dtype = "float32" } = options;
  if ((shape === undefined) === (inputData === undefined)) {
    throw new ArgumentError(`${op}: expected inputShape, such as [1, 28, 28], or inputData`, { op });
  }
  if (inputData !== undefined) {
    const list = isTensor(inputData) ? [inputData] : inputData;
    if (Array.isArray(list) && list.every(isTensor)) return list;
    throw new ArgumentError(`${op}: expected inputData to be a tensor or a list of them, received ${describe(inputData)}`, { op }); // biome-ignore format: one line
  }
  const shapes = Array.isArray(shape) && Array.isArray(shape[0]) ? shape : [shape];
  return shapes.map((sizes) => {
    if (!Array.isArray(sizes) || !sizes.every((n) => Number.isInteger(n) && n >= 0)) {
      throw new ArgumentError(`${op}: expected inputShape without the batch, such as [1, 28, 28], received ${describe(sizes)}`, { op }); // biome-ignore format: one line
    }
    return ones([batchSize, ...sizes], { dtype });
  });
}

/** Calls the model and notes each call of a module below it. */
function traced(model: Module, inputs: readonly Tensor[]): LayerInfo {
  const [seen, counts] = [new Set<Module>(), [] as number[]];
  const open: { layer: LayerInfo; below: Set<Tensor> }[] = [];
  let root: LayerInfo | undefined;
  const begin = (name: string, module: Module): void => {
    const depth = open.length;
    counts[depth] = (counts[depth] ?? 0) + 1;
    const layer: LayerInfo = {
      ...{ name, type: module.constructor.name, depth, index: counts[depth], recursive: seen.has(module) },
      ...{ outputShape: [], outputBytes: 0, multAdds: 0, children: [], ownParams: 0, ...parametersOf(module) },
    };
    seen.add(module);
    root ??= layer;
    open.at(-1)?.layer.children.push(layer);
    open.push({ layer, below: new Set() });
  };
  const end = (module: Module, args: unknown, output: unknown): void => {
    const [entry, x] = [open.pop(), firstTensor(output)];
    if (entry === undefined) return;
    const { layer, below } = entry;
    layer.ownParams = elements(module.parameters().filter((p) => !below.has(p)));
    for (const parameter of module.parameters()) open.at(-1)?.below.add(parameter);
    if (x === undefined) return;
    layer.outputShape = x.shape;
    layer.outputBytes = x.numel() * itemSize(x.dtype);
    layer.multAdds = multAddsOf(module, args, x);
  };
  const modules = model.namedModules();
  const hooks = modules.flatMap(([name, module]) => [
    module.registerForwardPreHook(() => begin(name, module)),
    module.registerForwardHook((_, args, output) => void end(module, args, output)),
  ]);
  const modes = modules.map(([, module]) => module.training);
  try {
    model.eval();
    noGrad(() => Reflect.apply(model.forward, model, inputs));
  } finally {
    for (const hook of hooks) hook.remove();
    modules.forEach(([, module], i) => {
      module.training = modes[i] ?? true;
    });
  }
  if (root === undefined) throw new ArgumentError("summary: the model did not run", { op: "summary" });
  return root;
}

function parametersOf(module: Module): Pick<LayerInfo, "params" | "trainableParams"> {
  const all = module.parameters();
  return { params: elements(all), trainableParams: elements(all.filter((p) => p.requiresGrad)) };
}

function elements(list: readonly Tensor[]): number {
  return list.reduce((n, x) => n + x.numel(), 0);
}
