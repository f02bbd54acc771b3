/** Random numbers: PyTorch's CPU generator, bit for bit. The same seed gives PyTorch's numbers, order and all. */
import { ArgumentError } from "./errors.js";
import { keep } from "./memory.js";
import { type GeneratorHandle, native } from "./native.js";
import { describe, handleOf, type TensorBase, wrap } from "./tensor/base.js";
import type { Tensor } from "./tensor.js";

/** The handle of a generator; none, and the default generator, are null. Errors: a value that is no generator. */
export let generatorHandle: (generator: Generator | null | undefined) => GeneratorHandle | null;
/** Runs `fn` with a generator in the place of the default one: what a loader's worker draws from. */
export let withDefaultGenerator: <R>(generator: Generator, fn: () => R) => R;
let makeDefault: () => Generator;

/** A source of random numbers of its own. Starts at seed 67280421310721. */
export class Generator {
  #handle: GeneratorHandle | null = native.createGenerator();

  static {
    generatorHandle = (generator) => {
      if (generator === null || generator === undefined) return null;
      if (typeof generator === "object" && #handle in generator) return generator.#handle;
      throw new ArgumentError(`expected a Generator, received ${describe(generator)}`);
    };
    withDefaultGenerator = (generator, fn) => {
      if (generator.#handle === null) return fn();
      const former = native.swapDefaultGeneratorFor(generator.#handle);
      try {
        return fn();
      } finally {
        native.swapDefaultGeneratorFor(former);
      }
    };
    makeDefault = () => {
      const generator = new Generator();
      generator.#handle = null;
      return generator;
    };
  }

  /** Starts anew from a seed, -2^63 <= seed < 2^64. Returns this generator. */
  manualSeed(seed: number | bigint): this {
    native.generatorManualSeed(this.#handle, seedOf(seed));
    return this;
  }
  /** The seed that this generator started from. */
  initialSeed(): bigint {
    return native.generatorInitialSeed(this.#handle);
  }
  /** Starts anew from a seed of the operating system, and gives it. */
  seed(): bigint {
    return native.generatorSeed(this.#handle);
  }
  /** The state, as a uint8 tensor of 5056 bytes: PyTorch's format. */
  getState(): Tensor {
    return wrap(native.generatorGetState(this.#handle));
  }
  /** Sets the state that {@link getState}, or PyTorch, gave. Returns this generator. */
  setState(state: TensorBase): this {
    native.generatorSetState(this.#handle, handleOf(state));
    return this;
  }
}

/** The default generator, which every operation draws from unless it is given another. One per isolate. */
export const defaultGenerator: Generator = makeDefault();

function seedOf(seed: number | bigint): bigint {
  if (typeof seed === "bigint") return seed;
  if (typeof seed === "number" && Number.isInteger(seed)) return BigInt(seed);
  throw new ArgumentError(`manualSeed: expected an integer, received ${describe(seed)}`, { op: "manualSeed" });
}

/** Starts the default generator anew from a seed; gives the generator. */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}
/** The seed that the default generator started from. */
export function initialSeed(): bigint {
  return defaultGenerator.initialSeed();
}
/** Starts the default generator anew from a seed of the operating system, and gives it. */
export function seed(): bigint {
  return defaultGenerator.seed();
}
/** The state of the default generator. */
export function getRngState(): Tensor {
  return keep(defaultGenerator.getState());
}
/** Sets the state of the default generator. */
export function setRngState(state: TensorBase): void {
  defaultGenerator.setState(state);
}

/** One non-negative 63-bit integer: PyTorch's `empty((), dtype=int64).random_()`, which seeds samplers and loaders. */
export function random64(generator?: Generator | null): bigint {
  return native.generatorRandom64(generatorHandle(generator));
}
