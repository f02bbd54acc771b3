/** Python's `random`: the Mersenne Twister that torchvision's RandomChoice and RandomOrder draw from, apart from PyTorch's generator. */
import { randomInt } from "node:crypto";
import { getWorkerInfo } from "../../data/worker.js";
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";

const N = 624;
const M = 397;

/** [Matsumoto and Nishimura 1998], seeded and read as CPython does. */
class PythonRandom {
  #state = new Uint32Array(N);
  #index = N;

  /** Starts from a seed, by default one of the operating system. */
  constructor(seed: number | bigint = randomInt(2 ** 47)) {
    this.seed(seed);
  }

  /** Starts anew, as `random.seed(a)` does for an integer. */
  seed(a: number | bigint): void {
    if (typeof a !== "bigint" && !Number.isInteger(a)) {
      throw new ArgumentError(`pythonRandom.seed: expected an integer, received ${describe(a)}`);
    }
    const key: number[] = [];
    for (let rest = BigInt(a) < 0n ? -BigInt(a) : BigInt(a); rest > 0n; rest >>= 32n) {
      key.push(Number(rest & 0xffffffffn));
    }
    this.#start(key.length > 0 ? key : [0]);
  }

  #start(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    const mixed = (i: number) => {
      const before = state[i - 1] ?? 0;
      return before ^ (before >>> 30);
    };
    for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, mixed(i)) + i;
    let i = 1;
    const next = () => {
      i += 1;
      if (i >= N) {
        state[0] = state[N - 1] ?? 0;
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(N, key.length); k++) {
      const j = k % key.length;
      state[i] = ((state[i] ?? 0) ^ Math.imul(mixed(i), 1664525)) + (key[j] ?? 0) + j;
      next();
    }
    for (let k = 0; k < N - 1; k++) {
      state[i] = ((state[i] ?? 0) ^ Math.imul(mixed(i), 1566083941)) - i;
      next();
    }
    state[0] = 0x80000000;
    this.#index = N;
  }

  #word(): number {
    const state = this.#state;
    if (this.#index >= N) {
      for (let i = 0; i < N; i++) {
        const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % N] ?? 0) & 0x7fffffff);
        state[i] = (state[(i + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.#index = 0;
    }
    let y = state[this.#index++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number from 0 to 1 of 53 bits. */
  random(): number {
    const [a, b] = [this.#word() >>> 5, this.#word() >>> 6];
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** An integer below n. */
  below(n: number): number {
    const bits = 32 - Math.clz32(n);
    for (;;) {
      const value = this.#word() >>> (32 - bits);
      if (value < n) return value;
    }
  }

  /** A list in a random order. */
  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** One of a list, all alike or by weights. */
  choice<T>(list: readonly T[], weights?: readonly number[] | null): T {
    if (weights === undefined || weights === null) return list[Math.floor(this.random() * list.length)] as T;
    let sum = 0;
    const ends = weights.map((weight) => {
      sum += weight;
      return sum;
    });
    const place = this.random() * sum;
    const found = ends.slice(0, -1).findIndex((end) => place < end);
    return list[found < 0 ? list.length - 1 : found] as T;
  }
}

/** Python's `random`, from which torchvision's RandomChoice and RandomOrder draw: `transforms.pythonRandom.seed(0)`. */
export const pythonRandom = new PythonRandom();

const ofWorkers = new WeakMap<object, PythonRandom>();

/** Python's `random` of whoever reads: a loader's worker has its own, which starts from the worker's seed as PyTorch's does. */
export function currentPythonRandom(): PythonRandom {
  const worker = getWorkerInfo();
  if (worker === null) return pythonRandom;
  const own = ofWorkers.get(worker) ?? new PythonRandom(worker.seed);
  ofWorkers.set(worker, own);
  return own;
}
