//! The tests of every module, in files named as those of src: one program, which links the library as the addon does.

mod activation;
mod attention;
mod avg_pool;
mod bags;
mod batch_norm;
mod bilinear;
mod conv;
mod distance;
mod dropout;
mod embedding;
mod embedding_bag;
mod fold;
mod fractional_pool;
mod grid_sample;
mod group_norm;
mod instance_norm;
mod interpolate;
mod layer_norm;
mod linear;
mod local_response_norm;
mod loss {
    mod binary;
    mod ctc;
    mod divergence;
    mod likelihood;
    mod margin;
    mod multi;
    mod regression;
}
mod max_pool;
mod one_hot;
mod pad;
mod recurrent;
mod shuffle;
mod softmax;
#[path = "../../tensor/tests/testing.rs"]
mod testing;
