//! Activations: element-wise functions with a fused first gradient.

mod gated;
mod hard;
mod rectifier;
mod smooth;

pub use gated::{glu, softsign, tanhshrink};
pub use hard::{
    hardshrink, hardshrink_, hardsigmoid, hardsigmoid_, hardswish, hardswish_, hardtanh, hardtanh_, softshrink,
    softshrink_,
};
pub use rectifier::{
    celu, celu_, elu, elu_, leaky_relu, leaky_relu_, prelu, rrelu, rrelu_, selu, selu_, threshold, threshold_,
};
pub use smooth::{gelu, gelu_, logsigmoid, mish, mish_, silu, silu_, softplus, softplus_};

use candlewick_kernels::elementwise::{Map1, Map2};
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled};
use candlewick_tensor::ops::{self, mul};
use candlewick_tensor::{Result, Scalar, Tensor};

/// An activation: its kernels (the value of x; the gradient of x and gy), and its slope in operations.
trait Activation: Map1 + Map2 + Copy + Send + 'static {
    /// The node's name.
    fn node(self) -> &'static str;
    /// PyTorch's name of the kernel, for refusals.
    fn kernel(self) -> &'static str;
    /// f'(x) in operations that can be differentiated, for gradients of gradients.
    fn slope(self, x: &Tensor) -> Result<Tensor>;
    /// Whether f'(y) is f'(x), so that in place nothing else need be saved.
    fn reads_result(self) -> bool {
        false
    }
}

/// f(x), element by element.
fn activate<A: Activation>(x: &Tensor, f: A) -> Result<Tensor> {
    let y = ops::map(f.kernel(), &x.detach(), &f)?;
    Tape::of(f.node(), &[x]).keep(x).record(y, move |c| backward(c, f))
}

/// x = f(x)
fn activate_<A: Activation>(x: &Tensor, f: A) -> Result<()> {
    x.check_inplace()?;
    let mut tape = Tape::of(f.node(), &[x]);
    if tape.active() && !f.reads_result() {
        tape = tape.keep(&ops::clone(&x.detach())?);
    }
    ops::update(f.kernel(), &x.detach(), &f)?;
    if f.reads_result() {
        tape = tape.keep_output(x);
    }
    tape.record_inplace(x, move |c| backward(c, f))
}

fn backward<A: Activation>(c: &Ctx, f: A) -> Result<Grads> {
    c.each(&[&|| {
        let (x, gy) = (c.saved(0)?, c.gy()?);
        if is_grad_enabled() {
            return mul(&gy, &f.slope(&x)?);
        }
        ops::zip(f.kernel(), &x, &gy, &f)
    }])
}

/// A plain float as an operand.
fn num(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
