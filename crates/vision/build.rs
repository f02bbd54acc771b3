//! Says whether JPEGs are decoded with SIMD: the assembler is optional, and without it decoding takes more than twice as long.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if !matches!(std::env::var("CARGO_CFG_TARGET_ARCH").as_deref(), Ok("x86_64" | "x86")) {
        return;
    }
    let found = Command::new("nasm").arg("-v").output().is_ok_and(|out| out.status.success());
    println!("cargo:rustc-env=CANDLEWICK_NASM={found}");
    let how = if found { "with SIMD (nasm was found)" } else { "slowly: install nasm and build again for SIMD" };
    println!("cargo:warning=JPEGs are decoded {how}");
}
