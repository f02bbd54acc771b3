/** The one translation between camelCase in memory and PyTorch's keys in state dicts and printed forms. */

/** Where the rule `weightDecay` <-> `weight_decay` does not hold. */
const IRREGULAR: Readonly<Record<string, string>> = {
  TMax: "T_max",
  T0: "T_0",
  Ti: "T_i",
  TMult: "T_mult",
  TCur: "T_cur",
  HDiag: "H_diag",
  stepCount: "_step_count",
  isInitial: "_is_initial",
  getLrCalledWithinStep: "_get_lr_called_within_step",
  lastLr: "_last_lr",
  schedulers: "_schedulers",
  changes: "_milestones",
  schedulePhases: "_schedule_phases",
  annealFuncType: "_anneal_func_type",
  annealStrategy: "_anneal_strategy",
  scaleFnCustom: "_scale_fn_custom",
};

const OURS = new Map(Object.entries(IRREGULAR).map(([ours, theirs]) => [theirs, ours]));

/** PyTorch's key for a field of ours. */
export function toPyTorchKey(name: string): string {
  return IRREGULAR[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Our field for a key of PyTorch's. */
export function fromPyTorchKey(key: string): string {
  return OURS.get(key) ?? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An object with PyTorch's keys. */
export function withPyTorchKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [toPyTorchKey(name), value]));
}
