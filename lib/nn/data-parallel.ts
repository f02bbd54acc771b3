/** DataParallel: one device, so the module itself. */
import { Module } from "./module.js";

/** Calls its module, as PyTorch's does without several devices; keys of the state begin with `module.`. */
export class DataParallel<M extends Module = Module> extends Module {
  module: M;

  constructor(module: M, _deviceIds?: readonly number[] | null, _outputDevice?: number | null, _dim = 0) {
    super();
    this.module = module;
  }

  forward(...inputs: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return this.module.forward(...inputs) as ReturnType<M["forward"]>;
  }
}
