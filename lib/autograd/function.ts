/** Operations written in TypeScript, with their gradients. */
import { ArgumentError, AutogradError } from "../errors.js";
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { customNode } from "./hooks.js";
import { isGradEnabled, withoutGrad } from "./modes.js";

/** What forward tells backward. Other values than tensors are attributes: `ctx.scale = 2`. */
export class FunctionContext {
  [attribute: string]: unknown;
  /** Which arguments of forward need a gradient. */
  readonly needsInputGrad: readonly boolean[];
  #saved: readonly (Tensor | null)[] = [];
  #dirty: readonly Tensor[] = [];
  #constant: readonly Tensor[] = [];
  #materialize = true;

  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /** Keeps inputs, outputs or other tensors for backward, which finds them in {@link savedTensors}. */
  saveForBackward(...tensors: (Tensor | null)[]): void {
    if (!tensors.every((x) => x === null || isTensor(x))) {
      throw new ArgumentError("save_for_backward can only save variables", { op: "saveForBackward" });
    }
    this.#saved = tensors;
  }
  /** What {@link saveForBackward} kept. Errors, in backward: one was changed in place since. */
  get savedTensors(): readonly Tensor[] {
    return this.#saved as readonly Tensor[];
  }
  /** Says that inputs were changed in place; they must be outputs too. */
  markDirty(...tensors: Tensor[]): void {
    this.#dirty = tensors;
  }
  /** Says that outputs have no gradient. */
  markNonDifferentiable(...tensors: Tensor[]): void {
    this.#constant = tensors;
  }
  /** Whether backward gets zeros, and not null, for outputs that nothing flows to. Default true. */
  setMaterializeGrads(on: boolean): void {
    this.#materialize = on;
  }

  /** @internal */
  static record(
    ctx: FunctionContext,
    name: string,
    args: readonly unknown[],
    output: unknown,
    backward: (...grads: (Tensor | null)[]) => unknown,
  ): unknown {
    const list: unknown[] = Array.isArray(output) ? output : [output];
    const places = list.flatMap((item, i) => (isTensor(item) ? [i] : []));
    const outputs = places.map((i) => list[i] as Tensor);
    const inputs = args.filter(isTensor);
    const saved = ctx.#saved;
    const kept = saved.filter((x) => x !== null);
    const node = {
      name,
      inputs,
      outputs,
      differentiable: outputs.map((y) => y.isFloatingPoint() && !ctx.#constant.includes(y)),
      dirty: outputs.map((y) => ctx.#dirty.includes(y)),
      saved: kept,
      materialize: ctx.#materialize,
    };
    if (ctx.#dirty.some((x) => !outputs.includes(x))) {
      throw new AutogradError(
        "Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace must all be outputs of the Function.",
      );
    }
    // The tensors live with the graph, not with the context, so that backward can free them.
    ctx.#saved = [];
    const count = outputs.length;
    const recorded = customNode(node, (given) => {
      const again = given.slice(count);
      ctx.#saved = saved.map((x) => (x === null ? null : (again.shift() ?? null)));
      try {
        const all = Array<Tensor | null>(list.length).fill(null);
        places.forEach((place, i) => {
          all[place] = given[i] ?? null;
        });
        return gradsOf(name, args, backward(...all));
      } finally {
        ctx.#saved = [];
      }
    });
    const out = [...list];
    places.forEach((place, i) => {
      out[place] = recorded[i];
    });
    return Array.isArray(output) ? out : out[0];
  }
}

/** The gradients of the tensors among the arguments, from what backward gave: one for each argument. */
function gradsOf(name: string, args: readonly unknown[], result: unknown): (Tensor | null)[] {
  const list: unknown[] = Array.isArray(result) ? [...result] : [result];
  while (list.length > args.length && (list.at(-1) ?? null) === null) list.pop();
  if (list.length !== args.length) {
    throw new AutogradError(
      `function ${name} returned an incorrect number of gradients (expected ${args.length}, got ${list.length})`,
    );
  }
  return args.flatMap((arg, i) => {
    if (!isTensor(arg)) return [];
    const grad = list[i] ?? null;
    if (grad === null || isTensor(grad)) return [grad];
    throw new AutogradError(`expected Variable or None (got ${typeof grad})`);
  });
}

/** The arguments of forward behind the context. */
type Inputs<F> = F extends (ctx: never, ...args: infer A) => unknown ? A : never;

/** What `apply` needs of a class. */
interface FunctionClass {
  readonly name: string;
  forward(ctx: FunctionContext, ...args: never[]): unknown;
  backward(ctx: FunctionContext, ...grads: never[]): unknown;
}

/**
 * The base class of operations with a gradient of their own: `forward` computes without recording, `backward` gets the
 * gradients of the outputs and gives one for each argument, null where there is none. If backward is made of differentiable
 * operations, it can itself be differentiated.
 *
 * ```ts
 * class Cube extends torch.autograd.Function {
 *   static override forward(ctx: FunctionContext, x: Tensor): Tensor {
 *     ctx.saveForBackward(x);
 *     return x.pow(3);
 *   }
 *   static override backward(ctx: FunctionContext, grad: Tensor): Tensor {
 *     const [x] = ctx.savedTensors;
 *     return grad.mul(3).mul(x.square());
 *   }
 * }
 * const y = Cube.apply(x);
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form, which subclasses fill in
abstract class AutogradFunction {
  /** Computes the outputs: a tensor, or an array. */
  static forward(_ctx: FunctionContext, ..._args: never[]): unknown {
    throw new ArgumentError("You must implement the forward function for custom autograd.Function.");
  }
  /** Computes the gradients of the arguments from those of the outputs. */
  static backward(_ctx: FunctionContext, ..._grads: never[]): unknown {
    throw new ArgumentError(
      "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
    );
  }
  /** Runs forward on the arguments and records it. */
  static apply<F extends FunctionClass>(this: F, ...args: Inputs<F["forward"]>): ReturnType<F["forward"]> {
    // biome-ignore lint/complexity/noThisInStatic: it runs the class that it is called on
    return run(this, args) as ReturnType<F["forward"]>;
  }
}

function run(Class: FunctionClass, args: readonly unknown[]): unknown {
  const needs = args.map((arg) => isTensor(arg) && arg.requiresGrad);
  const ctx = new FunctionContext(needs);
  const output: unknown = withoutGrad(() => Reflect.apply(Class.forward, Class, [ctx, ...args]));
  if (!isGradEnabled() || !needs.includes(true)) return output;
  const backward = (...grads: unknown[]): unknown => Reflect.apply(Class.backward, Class, [ctx, ...grads]);
  return FunctionContext.record(ctx, `${Class.name}Backward`, args, output, backward);
}

export { AutogradFunction as Function };
