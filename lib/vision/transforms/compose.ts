/** Transforms one after another. */
import { type From, leading } from "../../args.js";
import { listOf } from "../../argument-types.js";
import type { Tensor } from "../../tensor.js";
import { type TransformLike, TransformList } from "./transform.js";

/**
 * Transforms one after another: each takes what the one before gives.
 *
 * ```ts
 * new transforms.Compose([new transforms.Normalize([0.5], [0.5])]).forward(torch.rand(1, 28, 28));
 * ```
 */
export class Compose<I = Tensor, O = Tensor> extends TransformList<I, O> {
  constructor(...args: From<"transforms", Iterable<TransformLike<never, unknown>>, [], object>) {
    super(listOf("Compose", "transforms", leading("transforms", args)[0]));
  }

  override get isChance(): boolean {
    return false;
  }

  override choose(): readonly TransformLike<never, unknown>[] {
    return this.transforms;
  }
}
