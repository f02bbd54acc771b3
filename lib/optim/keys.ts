/** The one translation between camelCase in memory and PyTorch's keys in state dicts and printed forms. */

const PYTORCH: Readonly<Record<string, string>> = {
  weightDecay: "weight_decay",
  decoupledWeightDecay: "decoupled_weight_decay",
  initialLr: "initial_lr",
  momentumBuffer: "momentum_buffer",
  expAvg: "exp_avg",
  expAvgSq: "exp_avg_sq",
  maxExpAvgSq: "max_exp_avg_sq",
  stepSize: "step_size",
  TMax: "T_max",
  etaMin: "eta_min",
  baseLrs: "base_lrs",
  lastEpoch: "last_epoch",
  stepCount: "_step_count",
  isInitial: "_is_initial",
  getLrCalledWithinStep: "_get_lr_called_within_step",
  lastLr: "_last_lr",
};

const OURS = new Map(Object.entries(PYTORCH).map(([ours, theirs]) => [theirs, ours]));

/** PyTorch's key for a field of ours. */
export function toPyTorchKey(name: string): string {
  return PYTORCH[name] ?? name;
}

/** Our field for a key of PyTorch's. */
export function fromPyTorchKey(key: string): string {
  return OURS.get(key) ?? key;
}
