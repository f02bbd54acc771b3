/** `amp`: mixed precision. It belongs to GPUs; on the CPU a notebook that asks for it gets the plain computation or a clear no. */
import { ArgumentError } from "./errors.js";
import type { Tensor } from "./tensor.js";

/** Options of {@link autocast}. */
export interface AutocastOptions {
  /** The type of matrix products and convolutions. */
  dtype?: string | null;
  /** Whether to change anything. Default true. */
  enabled?: boolean;
  /** Accepted for PyTorch's sake. */
  cacheEnabled?: boolean | null;
}

/**
 * Runs `body` in mixed precision. `autocast("cuda", body)` runs it as it is, with PyTorch's warning, because there is no CUDA
 * device; `{ enabled: false }` runs it as it is. Errors: mixed precision on the CPU, which is not there.
 */
export function autocast<T>(deviceType: string, body: () => T): T;
export function autocast<T>(deviceType: string, options: AutocastOptions, body: () => T): T;
export function autocast<T>(deviceType: string, options: AutocastOptions | (() => T), body?: () => T): T {
  const [o, run] = typeof options === "function" ? [{}, options] : [options, body];
  if (typeof run !== "function") {
    throw new ArgumentError('autocast: expected a function to run, as in autocast("cuda", () => model.forward(x))');
  }
  if (o.enabled === false) return run();
  if (deviceType === "cuda") {
    process.emitWarning("User provided device_type of 'cuda', but CUDA is not available. Disabling", {
      code: "CANDLEWICK_NO_CUDA",
    });
    return run();
  }
  throw new ArgumentError(
    `autocast: mixed precision is not supported on ${deviceType}; leave it out, or convert with model.to("bfloat16")`,
  );
}

/** What a gradient scaler steps. */
interface Steps {
  step(): unknown;
}

/**
 * Scales losses so that gradients of float16 do not vanish. Without a CUDA device it is disabled, as PyTorch's is: every method
 * does what the loop would do without it.
 */
export class GradScaler {
  constructor(device: string | { enabled?: boolean } = "cuda", options: { enabled?: boolean } = {}) {
    const [name, o] = typeof device === "string" ? [device, options] : ["cuda", device];
    if (o?.enabled === false) return;
    if (name !== "cuda") throw new ArgumentError(`GradScaler: scaling is not supported on ${name}; leave it out`);
    process.emitWarning("torch.cuda.amp.GradScaler is enabled, but CUDA is not available. Disabling.", {
      code: "CANDLEWICK_NO_CUDA",
    });
  }

  /** The loss itself. */
  scale(loss: Tensor): Tensor {
    return loss;
  }
  /** Does nothing. */
  unscale_(_optimizer: Steps): void {}
  /** `optimizer.step()`. */
  step(optimizer: Steps): void {
    optimizer.step();
  }
  /** Does nothing. */
  update(): void {}
  /** 1. */
  getScale(): number {
    return 1;
  }
  /** false. */
  isEnabled(): boolean {
    return false;
  }
  /** Empty. */
  stateDict(): Record<string, unknown> {
    return {};
  }
  /** Does nothing. */
  loadStateDict(_state: Readonly<Record<string, unknown>>): void {}
}
