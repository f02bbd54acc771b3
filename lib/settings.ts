/** Settings of the whole addon: printing, threads, denormal numbers. */
import { native } from "./native.js";

/** Options of {@link setPrintoptions}; what is absent stays as it is. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  precision?: number;
  /** From how many elements on only the edges are printed. Default 1000. */
  threshold?: number;
  /** How many elements an edge has. Default 3. */
  edgeitems?: number;
  /** The width of a line. Default 80. */
  linewidth?: number;
  /** Whether to print exponents. Default: decided by the values. */
  sciMode?: boolean;
  /** A set of the above, `"default"`, `"short"` or `"full"`, which the others then change. */
  profile?: "default" | "short" | "full";
}

/** Sets how tensors are printed. */
export function setPrintoptions(options: PrintOptions): void {
  native.setPrintoptions(options);
}

/** Sets how many threads computations use. Default: the CPUs that the process may use. The results do not depend on it. */
export function setNumThreads(n: number): void {
  native.setNumThreads(n);
}

/** How many threads computations use. */
export function getNumThreads(): number {
  return native.getNumThreads();
}

/** The vector instructions that computations use: `"Avx512"`, `"Avx2"`, `"Neon"` or `"Portable"`. */
export function simdLevel(): string {
  return native.simdLevel();
}
