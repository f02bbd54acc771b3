//! Columns of windows: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{FoldConfig, fold, unfold};

#[test]
fn gradients_agree_with_differences() {
    let c = FoldConfig { kernel: [2, 3], dilation: [2, 1], padding: [1, 0], stride: [1, 2] };
    let x = [leaf(wave(&[2, 2, 4, 5], 0.1))];
    gradcheck(&x, |v| unfold(&v[0], &c));
    gradgradcheck(&x, |v| unfold(&v[0], &c));
    let y = [leaf(wave(&[12, 8], 0.1))];
    gradcheck(&y, |v| fold(&v[0], [4, 5], &c));
    gradgradcheck(&y, |v| fold(&v[0], [4, 5], &c));
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let c = FoldConfig { kernel: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1] };
    let e = fold(&wave(&[2, 12, 9], 0.0), [5, 4], &c).err().map(|e| e.to_string());
    assert_eq!(
        e.as_deref(),
        Some(
            "Given output_size=(5, 4), kernel_size=(2, 2), dilation=(1, 1), padding=(0, 0), stride=(1, 1), expected size of input's dimension 2 to match the calculated number of sliding blocks 4 * 3 = 12, but got input.size(2)=9."
        )
    );
}
