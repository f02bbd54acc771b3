/** What notebooks ask about the machine: `backends`, `version`, determinism, denormals. Everything runs on the CPU, in one way. */
import { readFileSync } from "node:fs";
import { checkBoolean } from "./argument-types.js";

/** One of PyTorch's libraries: none of them is used here. */
interface Backend {
  isAvailable(): boolean;
  isBuilt(): boolean;
  enabled: boolean;
  benchmark: boolean;
  deterministic: boolean;
  allowTf32: boolean;
  version(): null;
}

const absent = (): Backend => ({
  isAvailable: () => false,
  isBuilt: () => false,
  enabled: false,
  benchmark: false,
  deterministic: false,
  allowTf32: false,
  version: () => null,
});

/** `torch.backends`: flags that may be set, and change nothing. */
export const backends = {
  cuda: { ...absent(), matmul: { allowTf32: false } },
  cudnn: absent(),
  mps: absent(),
  mkldnn: absent(),
  mkl: absent(),
  openmp: absent(),
};

const { version: ours } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** candlewick's version. */
export const __version__: string = ours;

/** `torch.version`: no toolkit is built in. */
export const version = { __version__: ours, cuda: null, hip: null, xpu: null, debug: false } as const;

let deterministic = false;

/** Results never depend on chance or on the number of threads: the setting is kept and changes nothing. */
export function useDeterministicAlgorithms(mode: boolean, _options: { warnOnly?: boolean } = {}): void {
  checkBoolean("useDeterministicAlgorithms", "mode", mode);
  deterministic = mode;
}

/** What {@link useDeterministicAlgorithms} has set. Default false. */
export function areDeterministicAlgorithmsEnabled(): boolean {
  return deterministic;
}

/** Denormal numbers are kept. Returns whether the wish was granted: false for `true`. */
export function setFlushDenormal(mode: boolean): boolean {
  checkBoolean("setFlushDenormal", "mode", mode);
  return !mode;
}
