/** Module as users see it: a class to extend, and the type of what a function is given. */
import type { Tensor } from "../tensor.js";
import { Module as Base } from "./module.js";

/** Any module, whatever its forward takes and gives: to walk, to save, to move. */
export type AnyModule = Base;

/**
 * A module as an argument: `function evaluate(model: nn.Module) { ... model.forward(x) ... }`. Its forward takes tensors and gives
 * one; of others say what they take and give, as in `nn.Module<[Tensor], [Tensor, Tensor]>`, or take {@link AnyModule}.
 */
export type Module<I extends readonly unknown[] = Tensor[], O = Tensor> = Base & { forward(...inputs: I): O };

/**
 * The base class of layers and models. Fields that are parameters or modules are its state; declare `forward` as a method, and
 * call it to run the module: hooks run there too. A class of one's own says itself what its forward takes and gives.
 *
 * ```ts
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(784, 128);
 *   fc2 = new nn.Linear(128, 10);
 *   forward(x: Tensor): Tensor { return this.fc2.forward(this.fc1.forward(x).relu()); }
 * }
 * ```
 */
export const Module: abstract new () => Base = Base;
