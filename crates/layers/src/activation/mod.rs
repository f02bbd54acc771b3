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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{gradcheck, gradgradcheck, leaf, wave};

    fn check(f: impl Fn(&Tensor) -> Result<Tensor> + Copy) {
        let x = [leaf(mul(&wave(&[3, 8], 0.2), &num(2.5)).unwrap().detach())];
        gradcheck(&x, |v| f(&v[0]));
        gradgradcheck(&x, |v| f(&v[0]));
    }

    #[test]
    fn gradients_agree_with_differences() {
        check(|x| elu(x, 1.3));
        check(selu);
        check(|x| celu(x, 0.7));
        check(|x| leaky_relu(x, 0.2));
        check(|x| hardtanh(x, -0.9, 1.1));
        check(|x| threshold(x, 0.4, 3.0));
        check(hardsigmoid);
        check(hardswish);
        check(|x| hardshrink(x, 0.6));
        check(|x| softshrink(x, 0.6));
        check(silu);
        check(mish);
        check(|x| gelu(x, "none"));
        check(|x| gelu(x, "tanh"));
        check(|x| softplus(x, 1.5, 2.0));
        check(logsigmoid);
        check(|x| glu(x, 1));
        check(softsign);
        check(tanhshrink);
        let weighted = [leaf(wave(&[2, 3, 4], 0.2)), leaf(wave(&[3], 0.5))];
        gradcheck(&weighted, |v| prelu(&v[0], &v[1]));
        gradgradcheck(&weighted, |v| prelu(&v[0], &v[1]));
    }

    #[test]
    fn in_place_has_the_same_gradients() {
        let x = [leaf(wave(&[10], 0.2))];
        let on_copy = |f: fn(&Tensor) -> Result<()>| {
            gradcheck(&x, |v| {
                let y = mul(&v[0], &num(2.0))?;
                f(&y)?;
                Ok(y)
            });
        };
        on_copy(|x| leaky_relu_(x, 0.2));
        on_copy(|x| leaky_relu_(x, -0.2));
        on_copy(|x| hardtanh_(x, -0.9, 1.1));
        on_copy(silu_);
        on_copy(|x| elu_(x, 1.3));
        on_copy(|x| threshold_(x, 0.4, 3.0));
    }

    #[test]
    fn half_types_compute_in_single_precision() {
        use candlewick_tensor::DType;
        let x = wave(&[9], 0.1);
        for d in [DType::F16, DType::BF16] {
            let y = gelu(&x.to_dtype(d).unwrap(), "none").unwrap();
            assert_eq!(y.dtype(), d);
            let want = gelu(&x, "none").unwrap().to_f64_vec().unwrap();
            assert!(y.to_f64_vec().unwrap().iter().zip(&want).all(|(a, b)| (a - b).abs() < 0.02));
        }
    }

    #[test]
    fn integers_are_refused() {
        let x = Tensor::from_vec(vec![1i64, 2], &[2]);
        let e = elu(&x, 1.0).err().map(|e| e.to_string());
        assert_eq!(e.as_deref(), Some("\"elu_cpu\" not implemented for 'Long'"));
    }
}
