//! Promotion of types.

use candlewick_tensor::DType::*;
use candlewick_tensor::promote;

#[test]
fn promotion_follows_pytorch() {
    let table = [(U8, I8, I16), (U8, I32, I32), (F16, BF16, F32), (I64, F16, F16), (Bool, U8, U8), (F32, F64, F64)];
    for (a, b, want) in table {
        assert_eq!(promote(a, b), want);
        assert_eq!(promote(b, a), want);
    }
}
