//! Orthonormal columns by Householder reflections.   [Householder 1958]

use crate::error::shape;
use crate::{DType, Result, Tensor};

/// Q of a = Q R with Q [m, n], m >= n, and a diagonal of R that is not negative: with that the factors are unique. Computed
/// in float64, without gradient.
pub fn orthonormal_columns(a: &Tensor) -> Result<Tensor> {
    let &[m, n] = a.shape() else { return shape(format!("expected a matrix, received {} dimensions", a.rank())) };
    if m < n {
        return shape(format!("expected at least as many rows as columns, received [{m}, {n}]"));
    }
    let mut r = a.detach().to_dtype(DType::F64)?.to_f64_vec()?;
    let mut reflections = vec![];
    let mut signs = vec![1.0; n];
    for j in 0..n {
        let norm = (j..m).map(|i| r[i * n + j] * r[i * n + j]).sum::<f64>().sqrt();
        // The reflection that maps the column to -sign(head) norm loses no digits.
        let head = if r[j * n + j] < 0.0 { norm } else { -norm };
        signs[j] = if head < 0.0 { -1.0 } else { 1.0 };
        let mut v: Vec<f64> = (j..m).map(|i| r[i * n + j]).collect();
        v[0] -= head;
        let square = v.iter().map(|x| x * x).sum::<f64>();
        if square > 0.0 {
            reflect(&v, square, &mut r, j, j, n);
        }
        reflections.push((v, square));
    }
    let mut q = vec![0.0; m * n];
    for j in 0..n {
        q[j * n + j] = signs[j];
    }
    for (j, (v, square)) in reflections.iter().enumerate().rev() {
        if *square > 0.0 {
            reflect(v, *square, &mut q, j, 0, n);
        }
    }
    Tensor::new(q, &[m, n])?.to_dtype(a.dtype())
}

/// x -= 2 v (v^T x) / v^T v for the rows from `row` and the columns from `column` of x [., n].
fn reflect(v: &[f64], square: f64, x: &mut [f64], row: usize, column: usize, n: usize) {
    for c in column..n {
        let dot: f64 = v.iter().enumerate().map(|(i, v)| v * x[(row + i) * n + c]).sum();
        let factor = 2.0 * dot / square;
        v.iter().enumerate().for_each(|(i, v)| x[(row + i) * n + c] -= factor * v);
    }
}
