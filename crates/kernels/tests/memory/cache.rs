//! The size classes of large blocks.

use candlewick_kernels::memory::cache::{SHIFT, class};

#[test]
fn classes_hold_their_sizes_and_waste_a_fifth_at_most() {
    for size in (1 << SHIFT..64 << 20).step_by(33_331).chain([1 << 18, 1 << 20, 1 << 21, (1 << 21) + 1]) {
        let (c, bytes) = class(size);
        let c = c.unwrap();
        assert!(bytes >= size && bytes * 4 <= size * 5 + 4, "{size} {bytes}");
        assert_eq!(bytes, (4 + c % 4) << (SHIFT as usize + c / 4 - 2));
        assert_eq!(class(bytes), (Some(c), bytes));
    }
    assert_eq!(class(usize::MAX).0, None);
}
