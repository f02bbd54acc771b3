/** `nn.utils.parametrize`: parameters that are a function of other parameters, computed at every access. */

import { type Args, readArgs } from "../../args.js";
import { listOf as membersOf } from "../../argument-types.js";
import { withoutGrad } from "../../autograd/modes.js";
import { byName, byNameBeside } from "../../by-name.js";
import { ArgumentError, DTypeError, ShapeError } from "../../errors.js";
import { isModule } from "../../marks.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { ModuleDict } from "../containers.js";
import { Module } from "../module.js";
import { removeField } from "../module-fields.js";
import { Parameter } from "../parameter.js";

/** A module from the original tensors to a parameter; `rightInverse` gives the originals of a value. */
export type Parametrization = Module & {
  forward(...originals: Tensor[]): Tensor;
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
};

/** The parametrizations of one parameter, applied one after another to `original`, or to `original0`, `original1`, ... */
export class ParametrizationList extends Module {
  readonly unsafe: boolean;
  /** Whether there is one original. */
  readonly isTensor: boolean;

  constructor(first: Parametrization, value: Tensor, unsafe: boolean) {
    super();
    this.unsafe = unsafe;
    if (!isModule(first)) throw new ArgumentError(`ParametrizationList: expected modules, received ${describe(first)}`);
    const made = withoutGrad(() => first.rightInverse?.(value) ?? value);
    this.isTensor = isTensor(made);
    const list = isTensor(made) ? [made] : membersOf<Tensor>("ParametrizationList", "the value of rightInverse", made);
    for (const [i, original] of list.entries()) {
      if (!isTensor(original)) {
        throw new ArgumentError(
          `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got ${describe(original)}`,
        );
      }
      const name = this.isTensor ? "original" : `original${i}`;
      if (value instanceof Parameter) {
        Reflect.set(this, name, original === value ? value : new Parameter(original.detach(), value.requiresGrad));
      } else this.registerBuffer(name, original);
    }
    this.append(first);
    if (!unsafe) this.check(value);
  }

  /** The tensors that the parameter is computed from. */
  originals(): Tensor[] {
    const found: Tensor[] = [];
    for (const [, value] of [...this.namedParameters("", false, false), ...this.namedBuffers("", false, false)]) {
      found.push(value);
    }
    return found;
  }
  /** The parametrizations, the first one first. */
  list(): Parametrization[] {
    return this.namedChildren().map(([, module]) => module as Parametrization);
  }
  /** Puts a parametrization behind the others. */
  append(next: Parametrization): void {
    Reflect.set(this, String(this.namedChildren().length), next);
  }
  forward(): Tensor {
    const [first, ...rest] = this.list();
    const x = first?.forward(...this.originals());
    if (x === undefined) throw new ArgumentError("ParametrizationList requires one or more modules.");
    return rest.reduce((y, next) => next.forward(y), x);
  }
  /** Sets the originals so that the parameter becomes a value. Errors: a parametrization without `rightInverse`. */
  rightInverse(value: Tensor): void {
    withoutGrad(() => {
      let made: Tensor | readonly Tensor[] = value;
      for (const module of this.list().reverse()) {
        if (module.rightInverse === undefined) {
          throw new ArgumentError(`parametrization ${module.getName()} does not implement right_inverse.`);
        }
        made = module.rightInverse(made as Tensor);
      }
      const list = isTensor(made)
        ? [made]
        : membersOf<Tensor>("ParametrizationList", "the value of rightInverse", made);
      const originals = this.originals();
      if (list.length !== originals.length) {
        throw new ArgumentError(
          `'right_inverse' must return a sequence of tensors of length ${originals.length}. Got a sequence of length ${list.length}.`,
        );
      }
      originals.forEach((original, i) => {
        original.data = (list[i] as Tensor).detach();
      });
    });
  }

  /** Errors: the parametrized tensor has not the shape and type of the one that it stands for. */
  check(value: Tensor): void {
    const made = withoutGrad(() => this.forward());
    if (!isTensor(made)) throw new ArgumentError(`A parametrization must return a tensor. Got ${describe(made)}.`);
    const may = "Registering a parametrization may not change the";
    if (made.dtype !== value.dtype) {
      throw new DTypeError(
        `${may} dtype of the tensor, unless \`unsafe\` flag is enabled.\nunparametrized dtype: torch.${value.dtype}\nparametrized dtype: torch.${made.dtype}`,
      );
    }
    if (String(made.shape) !== String(value.shape)) {
      const [before, after] = [value, made].map((x) => `torch.Size([${x.shape.join(", ")}])`);
      throw new ShapeError(
        `${may} shape of the tensor, unless \`unsafe\` flag is enabled.\nunparametrized shape: ${before}\nparametrized shape: ${after}`,
      );
    }
  }
}

/** The lists of a module by the names of their parameters: its field `parametrizations`. */
function listsOf(module: Module): ModuleDict | undefined {
  const found: unknown = Reflect.get(module, "parametrizations");
  return found instanceof ModuleDict ? found : undefined;
}

function listOf(module: Module, name: string): ParametrizationList | undefined {
  const lists = listsOf(module);
  return lists?.has(name) === true ? (lists.get(name) as ParametrizationList) : undefined;
}

/** Whether a module has a parametrized tensor, or the one of a name. */
export const isParametrized = byName(
  "nn.utils.parametrize.isParametrized",
  (module: Module, tensorName: string | null = null): boolean => {
    if (tensorName !== null) return listOf(module, tensorName) !== undefined;
    return (listsOf(module)?.length ?? 0) > 0;
  },
);

/**
 * Makes `module[tensorName]`, a parameter or buffer, a function of other tensors: from now on it is what `parametrization`
 * gives for the original, which moves to `module.parametrizations[tensorName]`. Assigning it sets the original by
 * `rightInverse`. A second parametrization applies to what the first one gives. Returns the module.
 * Errors: no such tensor; a result of another shape or type, unless `unsafe`.
 */
export const registerParametrization = byNameBeside(
  "nn.utils.parametrize.registerParametrization",
  <M extends Module>(
    module: M,
    tensorName: string,
    parametrization: Parametrization,
    ...rest: Args<{ unsafe?: boolean }, ["unsafe"]>
  ): M => {
    const { unsafe = false } = readArgs<{ unsafe?: boolean }>("registerParametrization", ["unsafe"], rest);
    const value: unknown = Reflect.get(module, tensorName);
    if (!isTensor(value)) {
      throw new ArgumentError(
        `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${tensorName}'`,
        { op: "registerParametrization" },
      );
    }
    const known = listOf(module, tensorName);
    if (known !== undefined) {
      const given = value.detach();
      known.append(parametrization);
      if (!unsafe) known.check(given);
      if (parametrization.rightInverse !== undefined) known.rightInverse(given);
      return module;
    }
    const list = new ParametrizationList(parametrization, value, unsafe);
    removeField(module, tensorName);
    const lists = listsOf(module) ?? new ModuleDict();
    lists.set(tensorName, list);
    Reflect.set(module, "parametrizations", lists);
    defineNames(module);
    Object.defineProperty(module, tensorName, {
      // Functions of `this`: a deep copy of the module has its own lists.
      get(this: Module) {
        return listOf(this, tensorName)?.forward();
      },
      set(this: Module, next: Tensor) {
        listOf(this, tensorName)?.rightInverse(next);
      },
      enumerable: false,
      configurable: true,
    });
    return module;
  },
);

function defineNames(module: Module): void {
  const name = `Parametrized${module.constructor.name}`;
  Object.defineProperty(module, "getName", { value: () => name, enumerable: false, configurable: true });
}

/**
 * Undoes {@link registerParametrization}: the tensor is a parameter or buffer again, with the parametrized value, or with
 * `leaveParametrized: false` the original. Returns the module. Errors: not parametrized; several originals to leave.
 */
export const removeParametrizations = byNameBeside(
  "nn.utils.parametrize.removeParametrizations",
  <M extends Module>(
    module: M,
    tensorName: string,
    ...rest: Args<{ leaveParametrized?: boolean }, ["leaveParametrized"]>
  ): M => {
    const op = "removeParametrizations";
    const { leaveParametrized = true } = readArgs<{ leaveParametrized?: boolean }>(op, ["leaveParametrized"], rest);
    const list = listOf(module, tensorName);
    if (list === undefined) {
      throw new ArgumentError(`Module ${module} does not have a parametrization on ${tensorName}`, { op });
    }
    const [original] = list.originals();
    if (!leaveParametrized && !list.isTensor) {
      throw new ArgumentError(
        "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.",
        { op },
      );
    }
    const value = leaveParametrized ? withoutGrad(() => list.forward()).detach() : (original as Tensor);
    const lists = listsOf(module);
    lists?.delete(tensorName);
    removeField(module, tensorName);
    if (lists?.length === 0) {
      Reflect.deleteProperty(module, "parametrizations");
      Reflect.deleteProperty(module, "getName");
    }
    if (original instanceof Parameter) {
      if (list.isTensor) original.data = value.data;
      module.registerParameter(tensorName, list.isTensor ? original : new Parameter(value));
    } else module.registerBuffer(tensorName, value);
    return module;
  },
);
