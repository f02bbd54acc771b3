//! The tests of every module, in files named as those of src: one program, which links the library as the addon does.

mod autograd;
mod dtype;
mod layout;
mod ops;
mod random {
    mod generator;
}
mod testing;
