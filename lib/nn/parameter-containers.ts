/** Lists and dictionaries of parameters. */
import { ArgumentError } from "../errors.js";
import type { TensorBase } from "../tensor/base.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** The parameters are enumerable fields named by number or key, so that the walk over fields finds them. */
abstract class ParameterContainer extends Module {
  protected put(name: string, value: TensorBase): void {
    Reflect.set(this, name, value instanceof Parameter ? value : new Parameter(value));
  }
  protected take(name: string): Parameter {
    const value: unknown = Reflect.get(this, name);
    if (value instanceof Parameter) return value;
    throw new ArgumentError(`${this.getName()}: no parameter ${JSON.stringify(name)}`);
  }
  /** How many parameters there are. */
  get length(): number {
    return this.parameters(false).length;
  }
  forward(..._inputs: never[]): never {
    throw new ArgumentError(`Module [${this.getName()}] is missing the required "forward" function`);
  }
  protected line([name, p]: [string, Parameter]): string {
    return `(${name}): Parameter containing: [torch.${p.dtype} of size ${p.shape.join("x")}]`;
  }
}

/** A list of parameters that takes part in the model. */
export class ParameterList extends ParameterContainer {
  constructor(values: Iterable<TensorBase> = []) {
    super();
    for (const value of values) this.append(value);
  }
  /** The parameter at an index. */
  get(index: number): Parameter {
    return this.take(String(index < 0 ? index + this.length : index));
  }
  /** Puts a parameter, or a tensor made one, at the end. Returns this. */
  append(value: TensorBase): this {
    this.put(String(this.length), value);
    return this;
  }
  *[Symbol.iterator](): Generator<Parameter, void, undefined> {
    yield* this.parameters(false);
  }
  override toString(): string {
    const lines = this.namedParameters("", false).map((entry) => `    ${this.line(entry)}`);
    return lines.length === 0 ? "ParameterList()" : `ParameterList(\n${lines.join("\n")}\n)`;
  }
}

/** Parameters by name that take part in the model. */
export class ParameterDict extends ParameterContainer {
  constructor(values: Readonly<Record<string, TensorBase>> = {}) {
    super();
    for (const [name, value] of Object.entries(values)) this.put(name, value);
  }
  /** The parameter of a name. Errors: there is none. */
  get(name: string): Parameter {
    return this.take(name);
  }
  /** Adds or replaces a parameter. */
  set(name: string, value: TensorBase): void {
    this.put(name, value);
  }
  override toString(): string {
    const lines = this.namedParameters("", false).map(
      ([name, p]) => `  (${name}): Parameter containing: [torch.FloatTensor of size ${p.shape.join("x")}]`,
    );
    return `ParameterDict(${lines.join("\n")})`;
  }
}
