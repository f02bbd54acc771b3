//! Views of strided layouts, and broadcasting.

use candlewick_tensor::{Layout, broadcast};

#[test]
fn a_transposed_view_reshapes_only_where_it_is_even() {
    let t = Layout { shape: [3, 2].as_slice().into(), strides: [1, 3].as_slice().into(), offset: 0 };
    assert!(t.view_as(&[6]).is_none());
    assert_eq!(t.view_as(&[3, 1, 2]).map(|l| l.strides.to_vec()), Some(vec![1, 6, 3]));
    assert!(t.is_dense() && !t.is_contiguous());
}

#[test]
fn broadcasting_names_the_first_dimension_that_differs() {
    let e = broadcast(&[2, 3], &[4]).unwrap_err().to_string();
    assert_eq!(e, "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1");
}
