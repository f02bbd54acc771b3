/** Lists of transforms of which chance applies some. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { ArgumentError } from "../../errors.js";
import { pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { rand } from "./draws.js";
import { probabilityOf } from "./functional/arguments.js";
import { currentPythonRandom, type pythonRandom } from "./python-random.js";
import { type TransformLike, TransformList } from "./transform.js";

type List = Iterable<TransformLike<never, unknown>>;

/** Options of {@link RandomApply}. */
export interface RandomApplyOptions {
  /** How probable it is that the transforms are applied. Default 0.5. */
  p?: number;
}

/** Applies all of its transforms, or none. */
export class RandomApply<I = Tensor, O = I> extends TransformList<I, O> {
  readonly p: number;

  constructor(...args: From<"transforms", List, Args<RandomApplyOptions, ["p"]>, RandomApplyOptions>) {
    const [transforms, rest] = leading("transforms", args);
    super(listOf("RandomApply", "transforms", transforms));
    this.p = probabilityOf("RandomApply", readArgs<RandomApplyOptions>("RandomApply", ["p"], rest).p ?? 0.5);
  }

  override choose(): readonly TransformLike<never, unknown>[] {
    return Math.fround(this.p) < rand() ? [] : this.transforms;
  }

  override toString(): string {
    return this.lines(`p=${pyRepr(this.p)}`);
  }
}

/** Applies its transforms in a random order, drawn from Python's `random` ({@link pythonRandom}). */
export class RandomOrder<I = Tensor, O = I> extends TransformList<I, O> {
  constructor(...args: From<"transforms", List, [], object>) {
    super(listOf("RandomOrder", "transforms", leading("transforms", args)[0]));
  }

  override choose(): readonly TransformLike<never, unknown>[] {
    return currentPythonRandom().shuffled(this.transforms);
  }
}

/** Options of {@link RandomChoice}. */
export interface RandomChoiceOptions {
  /** How probable each is, in relation to the others. Default: all alike. */
  p?: readonly number[] | null;
}

/** Applies one of its transforms, drawn from Python's `random` ({@link pythonRandom}). */
export class RandomChoice<I = Tensor, O = I> extends TransformList<I, O> {
  readonly p: readonly number[] | null;

  constructor(...args: From<"transforms", List, Args<RandomChoiceOptions, ["p"]>, RandomChoiceOptions>) {
    const [transforms, rest] = leading("transforms", args);
    super(listOf("RandomChoice", "transforms", transforms));
    const { p = null } = readArgs<RandomChoiceOptions>("RandomChoice", ["p"], rest);
    if (p !== null && !(Array.isArray(p) && p.length === this.transforms.length && p.every((w) => w >= 0))) {
      throw new ArgumentError(
        `RandomChoice: expected p to be ${this.transforms.length} weights, one for each transform, received ${describe(p)}`,
      );
    }
    if (this.transforms.length === 0) throw new ArgumentError("RandomChoice: expected at least one transform");
    this.p = p;
  }

  override choose(): readonly TransformLike<never, unknown>[] {
    return [currentPythonRandom().choice(this.transforms, this.p)];
  }

  override toString(): string {
    return `${this.lines()}(p=${this.p === null ? "None" : pyRepr(this.p)})`;
  }
}
