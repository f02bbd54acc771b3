/** Modules without their initial values. */

import { ArgumentError } from "../../errors.js";
import { IS_MODULE } from "../../marks.js";
import { getRngState, setRngState } from "../../random.js";
import { describe } from "../../tensor/base.js";
import type { Module } from "../module.js";

/**
 * A module of the given class whose initial values are not meant to be used: they are drawn past the random generator, which
 * stays as it was. `skipInit(nn.Linear, 20, 30)`.
 */
export function skipInit<M extends Module>(Class: new (...args: never[]) => M, ...args: readonly unknown[]): M {
  if (typeof Class !== "function" || !(IS_MODULE in (Class.prototype ?? {}))) {
    throw new ArgumentError(`skipInit: expected a class of modules, received ${describe(Class)}`);
  }
  const state = getRngState();
  try {
    return Reflect.construct(Class, args) as M;
  } finally {
    setRngState(state);
  }
}
