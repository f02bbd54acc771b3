//! The tests of every module, in files named as those of src: one program, which links the library as the addon does.

mod attention;
mod cast;
mod check;
mod conv;
mod elementwise;
mod gemm;
mod grid;
mod memory;
mod norm;
mod optim;
mod pool;
mod pooling {
    mod average;
    mod max;
    mod spans;
}
mod recurrent;
mod reduce;
mod resample {
    mod bytes;
    mod gather;
    mod weights;
}
mod simd;
mod softmax;
mod special;
mod unfold;
mod vmath;
