/** L-BFGS.   [Liu & Nocedal 1989] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { enableGrad, noGrad } from "../autograd/modes.js";
import { zeros } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { keep } from "../memory.js";
import { cat } from "../ops/join.js";
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import type { ParamState, StateValue } from "./state.js";
import { type LinePoint, strongWolfe } from "./strong-wolfe.js";

/** Options of {@link LBFGS}. */
export interface LBFGSOptions {
  /** The learning rate. Default 1. */
  lr?: number;
  /** The most iterations of a step. Default 20. */
  maxIter?: number;
  /** The most evaluations of the closure in a step. Default: maxIter * 5 / 4. */
  maxEval?: number | null;
  /** Ends a step when no component of the gradient is larger. Default 1e-7. */
  toleranceGrad?: number;
  /** Ends a step when the parameters or the loss change less. Default 1e-9. */
  toleranceChange?: number;
  /** How many past steps shape the direction. Default 100. */
  historySize?: number;
  /** `"strong_wolfe"`, or null for steps of size `lr`. Default null. */
  lineSearchFn?: "strong_wolfe" | null;
  /** Whether to climb instead of descend. Default false. */
  maximize?: boolean;
}

/** The hyper-parameters. */
export type LBFGSGroup = Required<LBFGSOptions> & BaseOptions;

const NAMES = [
  ...(["lr", "maxIter", "maxEval", "toleranceGrad", "toleranceChange", "historySize", "lineSearchFn"] as const),
  ...(["maximize"] as const),
] as const;

/** The past: differences of gradients and of parameters, and what scales them. */
interface History {
  d: Tensor;
  t: number;
  oldDirs: Tensor[];
  oldStps: Tensor[];
  ro: number[];
  HDiag: number;
  prevFlatGrad: Tensor;
}

/**
 * Newton's method with an inverse Hessian that the last `historySize` steps suggest. `step(closure)` needs a closure that
 * zeroes the gradients, computes the loss, calls `backward()` and returns the loss: it is evaluated several times.
 * Errors: several parameter groups.
 */
export class LBFGS extends Optimizer<LBFGSGroup> {
  constructor(...args: From<"params", Params<LBFGSGroup>, Args<LBFGSOptions, typeof NAMES>, LBFGSOptions>) {
    const [params, rest] = leading("params", args);
    const o = readArgs<LBFGSOptions>("LBFGS", NAMES, rest);
    const maxIter = o.maxIter ?? 20;
    super(params, {
      lr: o.lr ?? 1,
      maxIter,
      maxEval: o.maxEval ?? Math.floor((maxIter * 5) / 4),
      toleranceGrad: o.toleranceGrad ?? 1e-7,
      toleranceChange: o.toleranceChange ?? 1e-9,
      historySize: o.historySize ?? 100,
      lineSearchFn: o.lineSearchFn ?? null,
      maximize: o.maximize ?? false,
    });
    if (this.paramGroups.length !== 1) {
      throw new ArgumentError("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  protected override check(g: LBFGSGroup): void {
    nonNegative("learning rate", g.lr);
    if (g.lineSearchFn !== null && g.lineSearchFn !== "strong_wolfe") {
      throw new ArgumentError("only 'strong_wolfe' is supported");
    }
  }

  protected override update(): void {
    throw new ArgumentError("LBFGS.step() missing 1 required positional argument: 'closure'");
  }

  override step(): void;
  override step<T>(closure: () => T): T;
  override step<T>(closure?: () => T): T | undefined {
    if (closure === undefined) return this.update() as undefined;
    return this.stepped(() => this.#search(closure));
  }

  #search<T>(closure: () => T): T {
    using _ = noGrad();
    const [group] = this.paramGroups;
    const [first] = group?.params ?? [];
    const compute = (): T => {
      using _ = enableGrad();
      return closure();
    };
    const result = compute();
    if (group === undefined || first === undefined) return result;
    const { lr, maxIter, toleranceGrad, toleranceChange, historySize } = group;
    const maxEval = group.maxEval ?? Math.floor((maxIter * 5) / 4);
    const sign = group.maximize ? -1 : 1;
    const evaluate = (): number => sign * numberOf(compute());
    const state = this.stateOf(first, () => ({ funcEvals: 0, nIter: 0 }));
    let history = readHistory(state);
    let loss = sign * numberOf(result);
    let grad = flatGrad(group);
    let evaluations = 1;
    count(state, "funcEvals", 1);
    if (largest(grad) <= toleranceGrad) return result;

    for (let n = 1; n <= maxIter; n++) {
      const total = count(state, "nIter", 1);
      history = total === 1 || history === null ? begin(grad) : advance(history, state, grad, historySize);
      const { d } = history;
      const before = loss;
      state.prevLoss = before;
      history.t = total === 1 ? Math.min(1, 1 / grad.abs().sum().item()) * lr : lr;
      const slope = grad.dot(d).item();
      if (slope > -toleranceChange) break;
      let used = 0;
      if (group.lineSearchFn !== null) {
        const start = group.params.map((p) => p.clone());
        const at = (t: number): LinePoint => {
          move(group.params, d, t);
          const value = evaluate();
          const g = flatGrad(group);
          group.params.forEach((p, i) => {
            p.copy_(start[i] ?? p);
          });
          return { t, loss: value, grad: g, slope: g.dot(d).item() };
        };
        const origin = { t: 0, loss, grad, slope };
        const found = strongWolfe(at, origin, history.t, largest(d), toleranceChange, maxEval - evaluations);
        ({ loss, grad } = found);
        history.t = found.t;
        used = found.evaluations;
        move(group.params, d, history.t);
      } else {
        move(group.params, d, history.t);
        if (n !== maxIter) {
          loss = evaluate();
          grad = flatGrad(group);
          used = 1;
        }
      }
      evaluations += used;
      count(state, "funcEvals", used);
      if (evaluations >= maxEval || largest(grad) <= toleranceGrad) break;
      if (largest(d) * Math.abs(history.t) <= toleranceChange || Math.abs(loss - before) < toleranceChange) break;
    }
    if (history !== null) writeHistory(state, history);
    return result;
  }
}

function numberOf(loss: unknown): number {
  return isTensor(loss) ? loss.item() : Number(loss);
}

function largest(x: Tensor): number {
  return x.abs().max().item();
}

/** Adds to a count of the state and gives it. */
function count(state: ParamState, name: string, by: number): number {
  const value = Number(state[name] ?? 0) + by;
  state[name] = value;
  return value;
}

/** All gradients in one vector; of -f when climbing. */
function flatGrad(group: { params: Tensor[]; maximize: boolean }): Tensor {
  const flat = cat(group.params.map((p) => p.grad?.reshape(-1) ?? zeros(p.numel(), { dtype: p.dtype })));
  return group.maximize ? flat.neg() : flat;
}

/** Moves the parameters by `t` along a flat direction. */
function move(params: readonly Tensor[], direction: Tensor, t: number): void {
  let at = 0;
  for (const p of params) {
    p.add_(direction.narrow(0, at, p.numel()).view(...p.shape), { alpha: t });
    at += p.numel();
  }
}

/** Downhill, with no past. */
function begin(grad: Tensor): History {
  return { d: grad.neg(), t: 0, oldDirs: [], oldStps: [], ro: [], HDiag: 1, prevFlatGrad: grad };
}

/** Remembers the last step and finds the next direction: the inverse Hessian times the gradient, in two loops. */
function advance(last: History, state: ParamState, grad: Tensor, historySize: number): History {
  const { oldDirs, oldStps, ro } = last;
  let { HDiag } = last;
  const y = grad.sub(last.prevFlatGrad);
  const s = last.d.mul(last.t);
  const ys = y.dot(s).item();
  if (ys > 1e-10) {
    if (oldDirs.length === historySize) for (const list of [oldDirs, oldStps, ro]) list.shift();
    oldDirs.push(y);
    oldStps.push(s);
    ro.push(1 / ys);
    HDiag = ys / y.dot(y).item();
  }
  const weights: number[] = [];
  const q = grad.neg();
  for (let i = oldDirs.length - 1; i >= 0; i--) {
    const [dir, step, scale] = [oldDirs[i], oldStps[i], ro[i]];
    if (dir === undefined || step === undefined || scale === undefined) continue;
    const weight = step.dot(q).item() * scale;
    weights[i] = weight;
    q.add_(dir, { alpha: -weight });
  }
  const d = q.mul(HDiag);
  oldDirs.forEach((dir, i) => {
    const [step, scale, weight] = [oldStps[i], ro[i], weights[i]];
    if (step === undefined || scale === undefined || weight === undefined) return;
    d.add_(step, { alpha: weight - dir.dot(d).item() * scale });
  });
  state.al = Array.from({ length: historySize }, (_, i) => weights[i] ?? null);
  return { d, t: last.t, oldDirs, oldStps, ro, HDiag, prevFlatGrad: grad };
}

/** The history in a state, where PyTorch's has tensors of one element too; null before the first step. */
function readHistory(state: ParamState): History | null {
  const { d, prevFlatGrad } = state;
  if (!isTensor(d) || !isTensor(prevFlatGrad)) return null;
  const tensors = (value: StateValue | undefined) => (Array.isArray(value) ? value.filter(isTensor) : []);
  const numbers = Array.isArray(state.ro) ? state.ro.map(numberOf) : [];
  const { t, HDiag } = { t: numberOf(state.t), HDiag: numberOf(state.HDiag) };
  return { d, t, oldDirs: tensors(state.oldDirs), oldStps: tensors(state.oldStps), ro: numbers, HDiag, prevFlatGrad };
}

function writeHistory(state: ParamState, history: History): void {
  const { al, prevLoss = null, ...rest } = state;
  for (const x of [history.d, history.prevFlatGrad, ...history.oldDirs, ...history.oldStps]) keep(x);
  Object.assign(state, rest, history, { prevLoss }, al === undefined ? {} : { al });
}
