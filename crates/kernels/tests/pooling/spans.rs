//! Where windows lie.

use candlewick_kernels::pooling::Axis;

fn bounds(a: &Axis) -> Vec<(usize, usize)> {
    a.spans().iter().map(|s| (s.start, s.end)).collect()
}

#[test]
fn windows_lie_where_pytorch_s_do() {
    assert_eq!(bounds(&Axis::sliding(5, 3, 2, 1, 1, 3)), [(0, 2), (1, 4), (3, 5)]);
    // Dilated windows start at their first element inside.
    assert_eq!(bounds(&Axis::sliding(5, 2, 1, 1, 2, 5)), [(1, 2), (0, 3), (1, 4), (2, 5), (3, 5)]);
    assert_eq!(bounds(&Axis::adaptive(5, 3)), [(0, 2), (1, 4), (3, 5)]);
    assert_eq!(bounds(&Axis::starts(6, 2, &[0, 4])), [(0, 2), (4, 6)]);
    assert!(Axis::sliding(5, 2, 2, 0, 1, 2).tiles(2) && !Axis::sliding(5, 2, 1, 0, 1, 4).tiles(2));
}
