/** Lists and dictionaries of parameters. */
import { listOf } from "../argument-types.js";
import { guardMethods } from "../checked.js";
import { dtypeTitle } from "../dtype.js";
import { ArgumentError, IndexError } from "../errors.js";
import { noteName } from "../field-order.js";
import { describe, type TensorBase } from "../tensor/base.js";
import { Module } from "./module.js";
import { entriesOf } from "./module-walk.js";
import { Parameter } from "./parameter.js";

/** The parameters are enumerable fields named by number or key, so that the walk over fields finds them. */
abstract class ParameterContainer extends Module {
  protected put(name: string, value: TensorBase): void {
    if (typeof name !== "string") {
      throw new ArgumentError(`${this.getName()}: expected a name, received ${describe(name)}`);
    }
    noteName(this, name);
    Reflect.set(this, name, value instanceof Parameter ? value : new Parameter(value));
  }
  protected take(name: string): Parameter {
    const value: unknown = Reflect.get(this, name);
    if (value instanceof Parameter) return value;
    throw new ArgumentError(`${this.getName()}: no parameter ${JSON.stringify(name)}`);
  }
  /** How many parameters there are. */
  get length(): number {
    return this.namedParameters("", false, false).length;
  }
  forward(..._inputs: never[]): never {
    throw new ArgumentError(`Module [${this.getName()}] is missing the required "forward" function`);
  }
  protected lines(line: (entry: [string, Parameter]) => string): string {
    return this.namedParameters("", false, false).map(line).join("\n");
  }
}

/** Parameters, or tensors to be made such, by name. */
export type ParameterEntries = Readonly<Record<string, TensorBase>> | Iterable<readonly [string, TensorBase]>;

/** A list of parameters that takes part in the model. */
export class ParameterList extends ParameterContainer {
  constructor(values: Iterable<TensorBase> = []) {
    super();
    this.extend(values);
  }
  /** The parameter at an index; negative counts from the end. Errors: out of range. */
  get(index: number): Parameter {
    return this.take(this.nameOf(index));
  }
  /** Replaces the parameter at an index. Errors: out of range. */
  set(index: number, value: TensorBase): void {
    this.put(this.nameOf(index), value);
  }
  /** Puts a parameter, or a tensor made one, at the end. Returns this. */
  append(value: TensorBase): this {
    this.put(String(this.length), value);
    return this;
  }
  /** Puts several at the end. Returns this. */
  extend(values: Iterable<TensorBase>): this {
    for (const value of listOf("extend", "parameters", values)) this.append(value);
    return this;
  }
  /** The parameters between two indices, which are shared, as a ParameterList; negative counts from the end. */
  slice(start?: number, end?: number): ParameterList {
    return new ParameterList([...this].slice(start, end));
  }
  *[Symbol.iterator](): Generator<Parameter, void, undefined> {
    for (const [, parameter] of this.namedParameters("", false, false)) yield parameter;
  }
  private nameOf(index: number): string {
    const { length } = this;
    if (Number.isInteger(index) && index >= -length && index < length)
      return String(index < 0 ? index + length : index);
    throw new IndexError(`index ${index} is out of range`, { op: "ParameterList" });
  }
  override extraRepr(): string {
    return this.lines(
      ([name, p]) => `  (${name}): Parameter containing: [torch.${p.dtype} of size ${p.shape.join("x")}]`,
    );
  }
}

/** Parameters by name that take part in the model. */
export class ParameterDict extends ParameterContainer {
  constructor(values: ParameterEntries = {}) {
    super();
    this.update(values);
  }
  /** Adds or replaces parameters. */
  update(values: ParameterEntries): void {
    for (const [name, value] of entriesOf<TensorBase>(this, values)) this.put(name, value);
  }
  /** The parameter of a name. Errors: there is none. */
  get(name: string): Parameter {
    return this.take(name);
  }
  /** Adds or replaces a parameter. */
  set(name: string, value: TensorBase): void {
    this.put(name, value);
  }
  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return this.keys().includes(name);
  }
  /** The parameter of a name, which becomes `value` if there is none. */
  setdefault(name: string, value: TensorBase): Parameter {
    if (!this.has(name)) this.put(name, value);
    return this.take(name);
  }
  /** Takes a parameter out and gives it. Errors: there is none of this name. */
  pop(name: string): Parameter {
    const parameter = this.take(name);
    Reflect.deleteProperty(this, name);
    return parameter;
  }
  /** Takes the last parameter out and gives it with its name. Errors: there is none. */
  popitem(): [string, Parameter] {
    const last = this.entries().at(-1);
    if (last === undefined) throw new ArgumentError("popitem(): the ParameterDict is empty");
    Reflect.deleteProperty(this, last[0]);
    return last;
  }
  /** Takes all parameters out. */
  clear(): void {
    for (const name of this.keys()) Reflect.deleteProperty(this, name);
  }
  /** A ParameterDict of the same parameters. */
  copy(): ParameterDict {
    return new ParameterDict(this.entries());
  }
  /** The names. */
  keys(): string[] {
    return this.entries().map(([name]) => name);
  }
  /** The parameters. */
  values(): Parameter[] {
    return this.entries().map(([, parameter]) => parameter);
  }
  /** Names and parameters. */
  entries(): [string, Parameter][] {
    return this.namedParameters("", false, false);
  }
  [Symbol.iterator](): Iterator<[string, Parameter]> {
    return this.entries()[Symbol.iterator]();
  }
  override extraRepr(): string {
    return this.lines(
      ([name, p]) =>
        `  (${name}): Parameter containing: [torch.${dtypeTitle(p.dtype)}Tensor of size ${p.shape.join("x")}]`,
    );
  }
}

guardMethods(ParameterList, {
  get: ["index: int"],
  set: ["index: int", "value: Tensor"],
  slice: ["start: int", "end: int"],
});
guardMethods(ParameterDict, {
  get: ["key: str"],
  set: ["key: str", "value: Tensor"],
  has: ["key: str"],
  pop: ["key: str"],
});
