//! Every rule as a vector loop against itself in f64, one element at a time, and on several threads. That the formulas are
//! PyTorch's is for the tests over lib/optim, which hold its trajectories.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::optim::{
    Adadelta, Adagrad, Adam, Adamax, Asgd, Decay, NAdam, RAdam, RmsProp, Rprop, Sgd, Step,
};
use candlewick_kernels::simd::{available, with_level};

fn decay() -> Decay {
    Decay { maximize: true, coupled: 0.01, shrink: 0.999 }
}

/// Three steps of `rule_of(step)` from states at `start`.
fn check<const S: usize, R: Step<f32> + Step<f64>>(what: &str, start: [f64; S], rule_of: impl Fn(u64) -> R) {
    for l in available() {
        for n in [1, 37, 1000] {
            let (mut p, mut s) = (random::<f64>(n, 1), start.map(|x| vec![x; n]));
            let mut q: Vec<f32> = p.iter().map(|&x| x as f32).collect();
            let mut t = start.map(|x| vec![x as f32; n]);
            for k in 1..4 {
                let g32 = random::<f32>(n, 9 + k);
                let rule = rule_of(k);
                for i in 0..n {
                    let states = s.iter_mut().map(|s| &mut s[i..=i]).collect();
                    rule.step(&mut p[i..=i], &[f64::from(g32[i])], states);
                }
                with_level(l, || rule.step(&mut q, &g32, t.iter_mut().map(|x| &mut x[..]).collect()));
            }
            close(&q, &p.iter().map(|&x| x as f32).collect::<Vec<_>>(), &format!("{what} {l:?} {n}"));
        }
    }
    let (n, rule) = (100_003, rule_of(3));
    let g = random::<f32>(n, 1);
    same_on_threads(n, |p: &mut [f32]| {
        let mut states = start.map(|x| vec![x as f32 + 0.5; n]);
        rule.step(p, &g, states.iter_mut().map(|x| &mut x[..]).collect());
    });
}

#[test]
fn vector_loops_meet_their_scalar_twins() {
    let sgd = |t| Sgd { lr: 0.1, momentum: 0.9, dampening: 0.1, nesterov: t % 2 == 0, decay: decay(), first: t == 1 };
    check::<0, _>("sgd", [], sgd);
    check::<1, _>("sgd with momentum", [0.0], sgd);
    let adam = |t| Adam::new(0.01, [0.9, 0.99], 1e-8, decay(), t);
    check::<2, _>("adam", [0.0; 2], adam);
    check::<3, _>("amsgrad", [0.0; 3], adam);
    check("nadam", [0.0; 2], |t| NAdam::new(0.01, [0.9, 0.99], 1e-8, decay(), 4e-3, t, &mut 0.5));
    check("radam", [0.0; 2], |t| RAdam::new(0.01, [0.9, 0.99], 1e-8, decay(), 3 * t));
    check("adamax", [0.0; 2], |t| Adamax::new(0.01, [0.9, 0.99], 1e-8, decay(), t));
    check("adagrad", [0.1], |t| Adagrad::new(0.01, 0.1, 1e-10, decay(), t));
    check("adadelta", [0.0; 2], |_| Adadelta { lr: 1.0, rho: 0.9, eps: 1e-6, decay: decay() });
    let rmsprop = |momentum, centered| RmsProp { lr: 0.01, alpha: 0.9, eps: 1e-3, momentum, centered, decay: decay() };
    check("rmsprop", [0.1], |_| rmsprop(0.0, false));
    check("rmsprop with momentum", [0.1, 0.0], |_| rmsprop(0.9, false));
    check("rmsprop, centred", [1.0, 0.0], |_| rmsprop(0.0, true));
    check("rmsprop, centred, with momentum", [1.0, 0.0, 0.0], |_| rmsprop(0.9, true));
    check("rprop", [0.0, 0.01], |_| Rprop { etas: [0.5, 1.2], step_sizes: [1e-6, 50.0], maximize: false });
    check("asgd", [0.0], |t| Asgd { lambda: 1e-2, eta: 0.1, mu: 1.0 / t as f64, decay: decay() });
}
