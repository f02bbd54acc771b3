/** Devices: where a tensor's numbers live. */
import { inspect } from "node:util";
import { ArgumentError } from "./errors.js";
import { native } from "./native.js";

/** A device: its type and, for more than one of a kind, its index. Made by {@link device}. */
export class Device {
  /** `"cpu"` or `"cuda"`. */
  readonly type: "cpu" | "cuda";
  /** The number of the device, or null for the current one. */
  readonly index: number | null;

  constructor(type: "cpu" | "cuda", index: number | null) {
    this.type = type;
    this.index = index;
  }

  /** `cpu`, `cuda`, `cuda:1`: what every `device` argument accepts. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  /** Whether two devices are the same. */
  equals(other: DeviceLike): boolean {
    return String(this) === String(device(other));
  }

  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    const index = this.index === null ? "" : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

/** What a `device` argument accepts: `"cpu"`, `"cuda"`, `"cuda:1"`, or a {@link Device}. */
export type DeviceLike = string | Device;

/**
 * The device of a name: `device("cpu")`, `device("cuda:0")`, `device("cuda", 1)`.
 * Errors: an unknown type. A device that this machine lacks raises where it is used, as in PyTorch.
 */
export function device(type: DeviceLike, index?: number): Device {
  if (type instanceof Device) return type;
  if (index !== undefined && !Number.isInteger(index)) {
    throw new ArgumentError(`device: expected index to be an integer, received ${typeof index}`);
  }
  if (typeof type !== "string") {
    throw new ArgumentError(
      `device: expected "cpu", "cuda" or a Device, received ${type === null ? "null" : typeof type}`,
    );
  }
  const match = /^(cpu|cuda)(?::(\d+))?$/.exec(type);
  if (match === null) {
    throw new ArgumentError(`Expected one of cpu, cuda device type at start of device string: ${String(type)}`);
  }
  const written = match[2] === undefined ? null : Number(match[2]);
  return new Device(match[1] === "cuda" ? "cuda" : "cpu", index ?? written);
}

/** The native spelling of a device; undefined is the CPU. */
export function deviceName(value: DeviceLike | null | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const d = device(value);
  return d.type === "cuda" ? `cuda:${d.index ?? 0}` : "cpu";
}

/** `torch.cuda`: what this machine's GPUs can do. */
export const cuda = {
  /** Whether a CUDA device can be used here. */
  isAvailable(): boolean {
    return native.cudaIsAvailable();
  },
  /** How many CUDA devices there are. */
  deviceCount(): number {
    return native.cudaIsAvailable() ? 1 : 0;
  },
  /** Seeds the GPUs' generators: there are none, every device draws from the CPU's. */
  manualSeed(_seed: number | bigint): void {},
  /** As {@link cuda.manualSeed}. */
  manualSeedAll(_seed: number | bigint): void {},
  /** Waits for the GPU: nothing is ever under way. */
  synchronize(): void {},
  /** Gives back the GPU's cached memory: there is none. */
  emptyCache(): void {},
} as const;
