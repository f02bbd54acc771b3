//! Tasks on the thread pool: each once, nested, with panics.

use candlewick_kernels::pool::{chunks, run};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

#[test]
fn every_task_once() {
    for n in [0, 1, 2, 3, 17, 1000] {
        let hits: Vec<AtomicUsize> = (0..n).map(|_| AtomicUsize::new(0)).collect();
        run(n, &|i| {
            hits[i].fetch_add(1, Relaxed);
        });
        assert!(hits.iter().all(|h| h.load(Relaxed) == 1));
    }
}

#[test]
fn chunks_cover_in_order_without_gaps() {
    for (len, grain) in [(0, 1), (1, 1), (10, 100), (1000, 7), (199, 100), (200, 100)] {
        let seen = Mutex::new(vec![0u8; len]);
        chunks(len, grain, &|r| {
            assert!(r.len() >= grain.min(len));
            seen.lock().unwrap()[r].iter_mut().for_each(|x| *x += 1);
        });
        assert!(seen.into_inner().unwrap().iter().all(|&x| x == 1));
    }
}

#[test]
fn a_panic_reaches_the_caller_after_all_tasks() {
    let done = AtomicUsize::new(0);
    let r = catch_unwind(AssertUnwindSafe(|| {
        run(64, &|i| {
            if i == 3 {
                panic!("task three");
            }
            std::thread::yield_now();
            done.fetch_add(1, Relaxed);
        })
    }));
    assert!(r.unwrap_err().downcast_ref::<&str>() == Some(&"task three"));
    every_task_once();
}

#[test]
fn nested_and_concurrent_callers_do_not_deadlock() {
    let total = AtomicUsize::new(0);
    std::thread::scope(|s| {
        for _ in 0..8 {
            s.spawn(|| {
                for _ in 0..200 {
                    run(4, &|_| run(3, &|_| _ = total.fetch_add(1, Relaxed)));
                }
            });
        }
    });
    assert_eq!(total.load(Relaxed), 8 * 200 * 12);
}

#[test]
fn wakes_after_parking() {
    for _ in 0..3 {
        every_task_once();
        std::thread::sleep(Duration::from_millis(2));
    }
}
