/** Modules without their initial values. */
import { getRngState, setRngState } from "../../random.js";
import type { Module } from "../module.js";

/**
 * A module of the given class whose initial values are not meant to be used: they are drawn past the random generator, which
 * stays as it was. `skipInit(nn.Linear, 20, 30)`.
 */
export function skipInit<M extends Module>(Class: new (...args: never[]) => M, ...args: readonly unknown[]): M {
  const state = getRngState();
  try {
    return Reflect.construct(Class, args) as M;
  } finally {
    setRngState(state);
  }
}
