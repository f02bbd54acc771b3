//! One fuzzer, named by FUZZ_TARGET.
#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("FUZZ_TARGET").unwrap_or_default());

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| candlewick_io_fuzz::run(&TARGET, bytes));
