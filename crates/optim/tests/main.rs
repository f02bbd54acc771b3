//! The tests of every module, in files named as those of src: one program, which links the library as the addon does.

mod slots;
