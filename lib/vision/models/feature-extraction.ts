/** Features of a model: what modules along the way give. */
import { isOptions } from "../../args.js";
import { noGrad } from "../../autograd/modes.js";
import { ones } from "../../creation.js";
import { ArgumentError, TorchError } from "../../errors.js";
import { Module } from "../../nn/module.js";
import { withoutHooks } from "../../nn/module-call.js";
import { ownBuffers, ownParameters } from "../../nn/module-fields.js";
import { getRngState, setRngState } from "../../random.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Nodes by their names in the output: `["layer1", "layer4"]`, or `{ layer1: "early", layer4: "late" }`. */
export type ReturnNodes = readonly string[] | Readonly<Record<string, string>>;

/** Ends a forward once all nodes are there. */
class Enough extends TorchError {}

/** The place of the call of a module: its path, `path_1` for its second call. */
interface Node {
  readonly path: string;
  readonly call: number;
  readonly name: string;
}

/** Nodes of each mode, in the place of those of both. */
export interface ModeNodes {
  /** The nodes of training. */
  trainReturnNodes: ReturnNodes;
  /** The nodes of evaluation. */
  evalReturnNodes: ReturnNodes;
}

/**
 * A model that returns what some of its modules return, by name: `createFeatureExtractor(resnet18(), ["layer1", "layer4"])`. A node is a
 * module's path; `layer1.0.relu_1` is the second call of `layer1.0.relu`. It shares the model's parameters, has their keys, and stops
 * as soon as the nodes are there. Errors: a node that is no module, with the nearest that is.
 * [torchvision](https://docs.pytorch.org/vision/stable/feature_extraction.html)
 */
export function createFeatureExtractor(
  ...args:
    | [model: Module, returnNodes: ReturnNodes | ModeNodes | { returnNodes: ReturnNodes }]
    | [model: Module, returnNodes: null, trainReturnNodes: ReturnNodes, evalReturnNodes: ReturnNodes]
    | [options: { model: Module } & (ModeNodes | { returnNodes: ReturnNodes })]
): FeatureExtractor {
  const [first, nodes, train, evaluation] = args;
  if (!(first instanceof Module) && isOptions(first) && "model" in first) {
    const { model, ...rest } = first;
    return new FeatureExtractor(model, rest);
  }
  const ofModes = nodes === null && train !== undefined && evaluation !== undefined;
  const returnNodes = ofModes ? { trainReturnNodes: train, evalReturnNodes: evaluation } : nodes;
  return new FeatureExtractor(first as Module, returnNodes as ReturnNodes);
}

/** What {@link createFeatureExtractor} returns. */
export class FeatureExtractor extends Module {
  /** @internal */
  declare readonly source: Module;
  /** The nodes of training and of evaluation. @internal */
  declare readonly modes: { readonly train: readonly Node[]; readonly eval: readonly Node[] };

  constructor(model: Module, returnNodes: ReturnNodes | ModeNodes | { returnNodes: ReturnNodes }) {
    super();
    const op = "createFeatureExtractor";
    if (!(model instanceof Module))
      throw new ArgumentError(`${op}: expected a module, received ${describe(model)}`, { op });
    if (typeof returnNodes !== "object" || returnNodes === null) {
      throw new ArgumentError(`${op}: expected names of nodes, received ${describe(returnNodes)}`, { op });
    }
    // Names of nodes are strings; options hold lists and objects.
    const options = Object.values(returnNodes).every((value) => typeof value === "string")
      ? { returnNodes: returnNodes as ReturnNodes }
      : (returnNodes as Partial<ModeNodes> & { returnNodes?: ReturnNodes });
    const { trainReturnNodes: train = options.returnNodes, evalReturnNodes: evaluation = options.returnNodes } =
      options;
    if (train === undefined || evaluation === undefined) {
      throw new ArgumentError("Either `return_nodes` or `train_return_nodes` and `eval_return_nodes` together, should be specified"); // biome-ignore format: one line
    }
    this.training = model.training;
    // Fields of a module are its state; these are none.
    Object.defineProperty(this, "source", { value: model });
    Object.defineProperty(this, "modes", { value: { train: nodesOf(model, train), eval: nodesOf(model, evaluation) } });
    for (const [name, parameter] of ownParameters(model)) this.registerParameter(name, parameter as never);
    for (const [name, buffer] of ownBuffers(model, true)) this.registerBuffer(name, buffer);
  }

  override namedChildren(): [string, Module][] {
    return this.source.namedChildren();
  }
  override train(mode = true): this {
    this.source.training = mode;
    return super.train(mode);
  }

  forward(...inputs: Tensor[]): Record<string, Tensor> {
    const values = new Map<Node, unknown>();
    const enough = new Enough("all nodes are there"); // of this call: the model may hold an extractor too
    const nodes = this.source.training ? this.modes.train : this.modes.eval;
    const hooks = [...new Set(nodes.map(({ path }) => path))].map((path) => {
      const wanted = nodes.filter((node) => node.path === path);
      let call = 0;
      return this.source.getSubmodule(path).registerForwardHook((_, _inputs, output) => {
        for (const node of wanted) if (node.call === call) values.set(node, output);
        call++;
        if (values.size === nodes.length) throw enough;
      });
    });
    try {
      Reflect.apply(this.source.forward, this.source, inputs);
    } catch (error) {
      if (error !== enough) throw error;
    } finally {
      for (const hook of hooks) hook.remove();
    }
    const missing = nodes.find((node) => !values.has(node));
    if (missing !== undefined) throw new ArgumentError(`${missing.path} was not called ${missing.call + 1} times`);
    return Object.fromEntries(nodes.map((node) => [node.name, values.get(node) as Tensor]));
  }
}

/** Nodes with their names in the output. */
function nodesOf(model: Module, nodes: ReturnNodes): Node[] {
  const pairs = Array.isArray(nodes) ? nodes.map((path) => [path, path] as const) : Object.entries(nodes);
  return pairs.map(([path, name]) => ({ ...found(model, path), name }));
}

/** The module of a node. Errors: there is none. */
function found(model: Module, path: string): Omit<Node, "name"> {
  const paths = model.namedModules().map(([name]) => name);
  const known = new Set(paths);
  if (typeof path === "string" && path !== "" && known.has(path)) return { path, call: 0 };
  const [, base = "", call = ""] = /^(.*)_(\d+)$/.exec(String(path)) ?? [];
  if (known.has(base) && base !== "") return { path: base, call: Number(call) };
  const near = nearest(String(path), paths);
  throw new ArgumentError(
    `createFeatureExtractor: ${describe(path)} is no module of the model; nodes are modules, not functions such as flatten or add. The nearest is ${JSON.stringify(near)}`,
  );
}

/** The name with the fewest changes to a given one. */
function nearest(name: string, names: readonly string[]): string {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next.push(
          Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
        );
      }
      row = next;
    }
    return row[b.length] ?? 0;
  };
  const scored = names.filter((n) => n !== "").map((n) => [n, distance(name, n)] as const);
  return scored.reduce((best, item) => (item[1] < best[1] ? item : best), ["", Number.POSITIVE_INFINITY] as const)[0];
}

/**
 * The nodes of a model in training and in evaluation, in the order of their calls: the paths of modules without modules below them.
 * There is no tracing here, so the model runs once in each mode: `input` is what its forward takes, by default two images [2, 3, 224, 224].
 * Its buffers, its modes, the random numbers and hooks stay as they were.
 */
export function getGraphNodeNames(model: Module, input?: Tensor): [train: string[], evaluation: string[]] {
  const op = "getGraphNodeNames";
  if (!(model instanceof Module))
    throw new ArgumentError(`${op}: expected a module, received ${describe(model)}`, { op });
  const x = input ?? ones([2, 3, 224, 224]);
  if (!isTensor(x)) throw new ArgumentError(`${op}: expected a tensor, received ${describe(x)}`);
  const modules = model.namedModules();
  const modes = modules.map(([, module]) => module.training);
  const buffers = model.buffers().map((buffer) => [buffer, buffer.clone()] as const);
  const random = getRngState();
  const names = (training: boolean): string[] => {
    const seen: string[] = [];
    const calls = new Map<string, number>();
    for (const [path, module] of modules) {
      if (path === "" || module.namedChildren().length > 0) continue;
      module.registerForwardPreHook(() => {
        const call = calls.get(path) ?? 0;
        calls.set(path, call + 1);
        seen.push(call === 0 ? path : `${path}_${call}`);
      });
    }
    model.train(training);
    noGrad(() => Reflect.apply(model.forward, model, [x]));
    return seen;
  };
  const all = modules.map(([, module]) => module);
  try {
    return [withoutHooks(all, () => names(true)), withoutHooks(all, () => names(false))];
  } finally {
    noGrad(() => {
      for (const [buffer, before] of buffers) buffer.copy_(before);
    });
    modules.forEach(([, module], i) => {
      module.training = modes[i] ?? true;
    });
    setRngState(random);
  }
}
