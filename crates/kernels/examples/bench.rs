//! Times the kernels: `cargo run --release -p candlewick-kernels --example bench [part of a name]`.
//!
//! Prints the minimum and median in milliseconds and, where it applies, billions of operations a second at the minimum.

use candlewick_kernels::conv::Conv;
use candlewick_kernels::entries::{Kernels, Pooled};
use candlewick_kernels::gemm::Mat;
use candlewick_kernels::optim::{Adam, Decay, Sgd, Step};
use candlewick_kernels::pooling::{Axis, Divisor};
use candlewick_kernels::simd::{Kernel, dispatch};
use candlewick_kernels::{memory, pool, simd, vmath};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: memory::Allocator = memory::Allocator;

fn random(n: usize) -> Vec<f32> {
    let mut s = 0x2545_f491u32;
    let mut next = || {
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        (s >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// Times `f` for about half a second if the name was asked for.
fn row(name: &str, operations: usize, mut f: impl FnMut()) {
    if std::env::args().nth(1).is_some_and(|only| !name.contains(&only)) {
        return;
    }
    (0..3).for_each(|_| f());
    let start = Instant::now();
    let mut times = vec![];
    while times.len() < 9 || start.elapsed().as_secs_f64() < 0.5 {
        let t = Instant::now();
        f();
        times.push(t.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let rate = if operations > 0 { format!("{:8.0} G/s", operations as f64 / times[0] / 1e6) } else { String::new() };
    println!("{name:34} {:8.3} {:8.3} {rate}", times[0], times[times.len() / 2]);
}

fn products() {
    let shapes = [
        (1024, 1024, 1024, "nn"),
        (100, 600, 2304, "nt"),
        (100, 2304, 600, "nn"),
        (600, 2304, 100, "tn"),
        (100, 120, 600, "nt"),
        (100, 10, 120, "nt"),
        (100, 256, 784, "nt"),
        (512, 49, 4608, "nn"),
        (1, 4096, 4096, "nt"),
    ];
    for (m, n, k, order) in shapes {
        let (a, b, mut c) = (random(m * k), random(k * n), vec![0.0; m * n]);
        let mat =
            |data, t, rows, cols| if t { Mat { data, row: 1, col: rows } } else { Mat { data, row: cols, col: 1 } };
        let (a, b) = (mat(&a, order.starts_with('t'), m, k), mat(&b, order.ends_with('t'), k, n));
        row(&format!("gemm {m}x{k}x{n} {order}"), 2 * m * n * k, || f32::gemm(m, n, k, a, b, &mut c, n, false));
    }
}

fn convolutions() {
    let shapes = [
        ("fashion c1", 100, 1, 28, 32, 3, 1, 1, 1),
        ("fashion c2", 100, 32, 14, 64, 3, 1, 0, 1),
        ("cifar c1", 64, 3, 32, 16, 3, 1, 1, 1),
        ("cifar c2", 64, 16, 16, 8, 3, 1, 1, 1),
        ("64x56 b16", 16, 64, 56, 64, 3, 1, 1, 1),
        ("512x7 b1", 1, 512, 7, 512, 3, 1, 1, 1),
        ("stem b16", 16, 3, 224, 64, 7, 2, 3, 1),
        ("3x3s2 64-128 b16", 16, 64, 56, 128, 3, 2, 1, 1),
        ("1x1 64-256 b16", 16, 64, 56, 256, 1, 1, 0, 1),
        ("depthwise 96x112 s2 b1", 1, 96, 112, 96, 3, 2, 1, 96),
        ("depthwise 144x56 b16", 16, 144, 56, 144, 3, 1, 1, 144),
    ];
    for (name, batch, channels, size, out_channels, k, s, p, groups) in shapes {
        let v = Conv {
            batch,
            channels,
            out_channels,
            groups,
            input: [1, size, size],
            kernel: [1, k, k],
            stride: [1, s, s],
            padding: [0, p, p],
            dilation: [1; 3],
        };
        let area: usize = v.output().iter().product();
        let (x, w) = (random(batch * channels * size * size), random(out_channels * channels / groups * k * k));
        let (mut y, mut dx, mut dw) = (vec![0.0; batch * out_channels * area], vec![0.0; x.len()], vec![0.0; w.len()]);
        let dy = random(y.len());
        let operations = 2 * y.len() * channels / groups * k * k;
        row(&format!("{name} forward"), operations, || f32::conv_forward(&v, &x, &w, None, &mut y));
        row(&format!("{name} backward-data"), operations, || f32::conv_backward_data(&v, &dy, &w, &mut dx));
        row(&format!("{name} backward-weights"), operations, || f32::conv_backward_weights(&v, &x, &dy, &mut dw));
    }
}

fn planes() {
    for (n, c, size) in [(100, 32, 28), (100, 64, 12), (64, 16, 32)] {
        let (planes, half, s) = (n * c, size / 2, size * size);
        let side = Axis::sliding(size, 2, 2, 0, 1, half);
        let axes = [Axis::adaptive(1, 1), side.clone(), side];
        let x = random(planes * s);
        let (mut y, mut at, mut dx) =
            (vec![0f32; planes * half * half], vec![0i64; planes * half * half], vec![0f32; x.len()]);
        let name = format!("{n}x{c}x{size}");
        row(&format!("max pool {name} forward"), 0, || f32::max_pool(planes, &axes, &x, &mut y, &mut at));
        row(&format!("max pool {name} backward"), 0, || {
            f32::max_pool_backward(planes, s, half * half, &y, &at, &mut dx)
        });
        let average = || f32::avg_pool(planes, &axes, Divisor::Window, &x, &mut y);
        row(&format!("avg pool {name} forward"), 0, average);
        let (mut mean, mut var, ones) = (vec![0f32; c], vec![0f32; c], vec![1f32; c]);
        let (mut dw, mut db) = (vec![0f32; c], vec![0f32; c]);
        row(&format!("batch norm {name} statistics"), 0, || f32::batch_stats(n, c, s, &x, &mut mean, &mut var));
        row(&format!("batch norm {name} normalize"), 0, || f32::normalize(n, c, s, &x, &ones, &mean, &mut dx));
        let dy = random(x.len());
        row(&format!("batch norm {name} backward"), 0, || {
            f32::batch_norm_backward(n, c, s, &x, &dy, &mean, &var, Some(&ones), true, Some(&mut dx), &mut dw, &mut db);
        });
    }
    let x = random(100 * 600);
    let (mut mean, mut var, mut dw, mut db, mut dx) =
        (vec![0f32; 600], vec![0f32; 600], vec![0f32; 600], vec![0f32; 600], x.clone());
    row("batch norm 100x600 statistics", 0, || f32::batch_stats(100, 600, 1, &x, &mut mean, &mut var));
    row("batch norm 100x600 backward", 0, || {
        f32::batch_norm_backward(100, 600, 1, &x, &x, &mean, &var, None, true, Some(&mut dx), &mut dw, &mut db);
    });
}

const NAMES: [&str; 8] = ["exp", "ln", "log1p", "expm1", "tanh", "sigmoid", "erf", "sin"];

/// Function `F` of `NAMES`; not a closure, because a closure's body need not be inlined into `dispatch`'s code.
struct Map<'a, const F: usize>(&'a [f32], &'a mut [f32]);
impl<const F: usize> Kernel for Map<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (y, &x) in self.1.iter_mut().zip(self.0) {
            *y = match F {
                0 => vmath::exp(x),
                1 => vmath::ln(x.abs()),
                2 => vmath::log1p(x.abs()),
                3 => vmath::expm1(x),
                4 => vmath::tanh(x),
                5 => vmath::sigmoid(x),
                6 => vmath::erf(x),
                _ => vmath::sin_bounded(x),
            };
        }
    }
}

/// A million numbers, on one thread.
fn map<const F: usize>() {
    let x = random(1 << 20);
    let mut y = x.clone();
    row(&format!("{} 1M, one thread", NAMES[F]), 0, || dispatch(Map::<F>(&x, &mut y)));
}

fn rows_and_steps() {
    for (rows, cols) in [(100, 10), (128, 1000)] {
        let x = random(rows * cols);
        let mut y = x.clone();
        row(&format!("softmax {rows}x{cols}"), 0, || f32::softmax_rows(&x, cols, &mut y));
        row(&format!("log softmax {rows}x{cols}"), 0, || f32::log_softmax_rows(&x, cols, &mut y));
    }
    let n = 1_500_000;
    let (mut p, g, mut m, mut v) = (random(n), random(n), vec![0f32; n], vec![0f32; n]);
    let decay = Decay::coupled(0.0, false);
    let adam = Adam::new(1e-3, [0.9, 0.999], 1e-8, decay, 10);
    row("adam 1.5M", 0, || adam.step(&mut p, &g, vec![&mut m, &mut v]));
    let mut largest = vec![0f32; n];
    row("amsgrad 1.5M", 0, || adam.step(&mut p, &g, vec![&mut m, &mut v, &mut largest]));
    let sgd = Sgd { lr: 1e-3, momentum: 0.9, dampening: 0.0, nesterov: false, decay, first: false };
    row("sgd with momentum 1.5M", 0, || sgd.step(&mut p, &g, vec![&mut m]));
}

fn main() {
    println!("# {:?}, {} threads; minimum and median, ms", simd::level(), pool::num_threads());
    products();
    convolutions();
    planes();
    rows_and_steps();
    map::<0>();
    map::<1>();
    map::<2>();
    map::<3>();
    map::<4>();
    map::<5>();
    map::<6>();
    map::<7>();
    let (empty, add) = (Instant::now(), std::sync::atomic::AtomicUsize::new(0));
    for _ in 0..10_000 {
        pool::run(2, &|_| _ = add.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    }
    println!("an empty pair of tasks: {:.2} us", empty.elapsed().as_secs_f64() * 1e2);
}
