/** Marks by which objects are known without importing their class. */
import type { Module } from "./nn/module.js";

/** On the prototype of every module. */
export const IS_MODULE: unique symbol = Symbol.for("candlewick.Module");

/** Whether a value is a module. */
export function isModule(value: unknown): value is Module {
  return typeof value === "object" && value !== null && IS_MODULE in value;
}
