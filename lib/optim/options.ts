/** Options that several optimizers share. */

/** Hyper-parameters that every group has. */
export interface BaseOptions {
  /** The learning rate. */
  lr: number;
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
  /** The largest learning rate of OneCycleLR. */
  maxLr?: number;
  /** The smallest learning rate of OneCycleLR. */
  minLr?: number;
  /** The learning rate that SWALR goes to. */
  swaLr?: number;
  /** The momentum that a cycle starts from. */
  maxMomentum?: number;
  /** The momentum in the middle of a cycle. */
  baseMomentum?: number;
  /** The parameters' names, where they were given. */
  paramNames?: readonly string[];
}

/** What every optimizer but LBFGS, Muon and Adafactor takes. */
export interface CommonOptions {
  /** Whether to climb instead of descend. Default false. */
  maximize?: boolean;
  /** Accepted for PyTorch's sake; there is one implementation. */
  foreach?: boolean | null;
  /** Accepted for PyTorch's sake. */
  differentiable?: boolean;
}

/** For optimizers that PyTorch can capture in a CUDA graph. */
export interface CapturableOptions {
  /** Accepted for PyTorch's sake. */
  capturable?: boolean;
}

/** For optimizers of which PyTorch has a fused implementation. */
export interface FusedOptions {
  /** Accepted for PyTorch's sake; the update is always fused. */
  fused?: boolean | null;
}
