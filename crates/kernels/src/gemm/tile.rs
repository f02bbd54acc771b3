//! The register tile: up to MR rows of broadcasts by NV vectors of columns, one kernel for each height and width, so
//! that no work is spent on absent rows. The last vector of a row is masked.

use crate::simd::Kernel;
use crate::vector::Vector;
use std::marker::PhantomData;

/// Rows 0..m cut into ceil(m / mr) nearly equal tiles: (first row, height) of tile `i`.
#[inline]
pub(crate) fn row_tile(m: usize, mr: usize, i: usize) -> (usize, usize) {
    let t = m.div_ceil(mr);
    let (q, r) = (m / t, m % t);
    (i * q + i.min(r), q + usize::from(i < r))
}

/// What a tile adds its product to.
#[derive(Clone, Copy)]
pub(crate) enum Start<T> {
    /// Nothing.
    Zero,
    /// What C holds.
    Add,
    /// One number a row.
    Rows(*const T),
}

/// C [m, n] = start + A B with A packed [k][m] and B packed [k][NV * LANES].
///
/// # Safety
/// The machine has V's instructions; 1 <= m <= MR, 1 <= n <= NV * LANES; `a` and `b` hold their panels, and rows of `n`
/// elements at `c`, `ldc` apart, are ours to write;
/// `start` has `m` numbers if it is `Rows`.
pub(crate) unsafe fn tile<V: Vector>(
    m: usize,
    n: usize,
    k: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    c: *mut V::Elem,
    ldc: usize,
    start: Start<V::Elem>,
) {
    let none = std::ptr::null();
    let args = Args {
        k,
        a,
        ra: 1,
        ca: m,
        b,
        ldb: V::NV * V::LANES,
        steps: none,
        c,
        ldc,
        start,
        edge: V::mask(0, 0),
        whole: true,
    };
    // SAFETY: the caller's promises; packed panels are whole vectors.
    unsafe { pick::<V, PACKED>(m, n, args) }
}

/// `tile` with element (i, p) of A at `a[i * ra + p * ca]` and rows of B `ldb` apart, of which whole vectors are read.
///
/// # Safety
/// As `tile`, for those elements of A and B.
pub(crate) unsafe fn tile_loose<V: Vector>(
    m: usize,
    n: usize,
    k: usize,
    a: *const V::Elem,
    (ra, ca): (usize, usize),
    b: *const V::Elem,
    ldb: usize,
    c: *mut V::Elem,
    ldc: usize,
    start: Start<V::Elem>,
) {
    // SAFETY: the caller's promises.
    unsafe {
        pick::<V, LOOSE>(
            m,
            n,
            Args { k, a, ra, ca, b, ldb, steps: std::ptr::null(), c, ldc, start, edge: V::mask(0, 0), whole: true },
        )
    }
}

/// `tile` of full width with row p of B at `b + steps[p]`.
///
/// # Safety
/// As `tile`, for those rows of B.
pub(crate) unsafe fn tile_steps<V: Vector>(
    m: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    steps: &[usize],
    c: *mut V::Elem,
    ldc: usize,
    start: Start<V::Elem>,
) {
    let args = Args {
        k: steps.len(),
        a,
        ra: 1,
        ca: m,
        b,
        ldb: 0,
        steps: steps.as_ptr(),
        c,
        ldc,
        start,
        edge: V::mask(0, 0),
        whole: true,
    };
    // SAFETY: the caller's promises.
    unsafe { pick::<V, STEPS>(m, V::NV * V::LANES, args) }
}

/// How A and B are read: both packed, both by strides, or A packed and B by a table.
const PACKED: u8 = 0;
const LOOSE: u8 = 1;
const STEPS: u8 = 2;

struct Args<V: Vector> {
    k: usize,
    a: *const V::Elem,
    ra: usize,
    ca: usize,
    b: *const V::Elem,
    ldb: usize,
    steps: *const usize,
    c: *mut V::Elem,
    ldc: usize,
    start: Start<V::Elem>,
    edge: V::Mask,
    /// Whether `edge` is the whole last vector.
    whole: bool,
}

/// The kernel for the tile's size.
///
/// # Safety
/// As `tile_loose`.
unsafe fn pick<V: Vector, const READ: u8>(m: usize, n: usize, mut g: Args<V>) {
    let v = n.div_ceil(V::LANES);
    let last = n - (v - 1) * V::LANES;
    (g.edge, g.whole) = (V::mask(0, last), last == V::LANES);
    // SAFETY: the caller's promises; each kernel is the one for this height and width.
    unsafe {
        match m {
            1 => width::<V, 1, READ>(v, g),
            2 => width::<V, 2, READ>(v, g),
            3 => width::<V, 3, READ>(v, g),
            4 => width::<V, 4, READ>(v, g),
            5 if const { V::MR >= 5 } => width::<V, 5, READ>(v, g),
            6 if const { V::MR >= 6 } => width::<V, 6, READ>(v, g),
            7 if const { V::MR >= 7 } => width::<V, 7, READ>(v, g),
            8 if const { V::MR >= 8 } => width::<V, 8, READ>(v, g),
            _ => unreachable!("a tile of {m} rows"),
        }
    }
}

/// # Safety
/// As `pick`, with M rows and `v` vectors.
unsafe fn width<V: Vector, const M: usize, const READ: u8>(v: usize, g: Args<V>) {
    // SAFETY: the caller's promises.
    unsafe {
        match v {
            // Rows of B found by a table are always as wide as the tile.
            1 if const { READ != STEPS } => V::enter(Tile::<V, M, 1, READ>(g, PhantomData)),
            2 if const { READ != STEPS || V::NV == 2 } => V::enter(Tile::<V, M, 2, READ>(g, PhantomData)),
            3 if const { V::NV == 3 } => V::enter(Tile::<V, M, 3, READ>(g, PhantomData)),
            _ => unreachable!("a tile of {v} vectors"),
        }
    }
}

struct Tile<V: Vector, const M: usize, const N: usize, const READ: u8>(Args<V>, PhantomData<V>);

impl<V: Vector, const M: usize, const N: usize, const READ: u8> Kernel for Tile<V, M, N, READ> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Args { k, mut a, ra, ca, mut b, ldb, steps, c, ldc, start, edge, whole } = self.0;
        let (ra, ca) = if READ == LOOSE { (ra, ca) } else { (1, M) };
        let ldb = if READ == PACKED { V::NV * V::LANES } else { ldb };
        // SAFETY: `tile` and `tile_loose` ask for valid panels and a valid rectangle of C, and run under V's instructions.
        unsafe {
            let mut t = [[V::zero(); N]; M];
            for p in 0..k {
                if READ == STEPS {
                    b = self.0.b.wrapping_add(*steps.wrapping_add(p));
                }
                let mut row = [V::zero(); N];
                for j in 0..N {
                    row[j] = V::load(b.wrapping_add(j * V::LANES)); // whole vectors: the tile leaves no register for a mask
                }
                for i in 0..M {
                    let x = V::splat(*a.wrapping_add(i * ra));
                    for j in 0..N {
                        t[i][j] = t[i][j].fma(x, row[j]);
                    }
                }
                a = a.wrapping_add(ca);
                if READ != STEPS {
                    b = b.wrapping_add(ldb);
                }
            }
            // Loops short enough to be unrolled: an index that is not constant would keep the tile out of the registers.
            let at = |i: usize, j: usize| c.wrapping_add(i * ldc + j * V::LANES);
            match start {
                Start::Zero => {}
                Start::Add => {
                    for i in 0..M {
                        for j in 0..N {
                            let all = whole || j + 1 < N;
                            let old = if all { V::load(at(i, j)) } else { V::zero().load_masked(edge, at(i, j)) };
                            t[i][j] = t[i][j].add(old);
                        }
                    }
                }
                Start::Rows(b) => {
                    for i in 0..M {
                        let row = V::splat(*b.wrapping_add(i));
                        for j in 0..N {
                            t[i][j] = t[i][j].add(row);
                        }
                    }
                }
            }
            for i in 0..M {
                for j in 0..N {
                    if whole || j + 1 < N { t[i][j].store(at(i, j)) } else { t[i][j].store_masked(edge, at(i, j)) }
                }
            }
        }
    }
}
