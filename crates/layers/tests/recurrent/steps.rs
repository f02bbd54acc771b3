//! The steps of sequences of different lengths, as a network that adds shows them.

use super::config;
use candlewick_kernels::recurrent::Plain;
use candlewick_layers::{Cell, recurrent};
use candlewick_tensor::Tensor;
use candlewick_tensor::random::Generator;

#[test]
fn sequences_of_different_lengths_begin_and_end() {
    // h' = relu(x + h): sequences of three, two and one step, from states of both directions.
    let x = Tensor::from_vec(vec![1.0, 2.0, 3.0, 10.0, 20.0, 100.0], &[6, 1]);
    let h = Tensor::from_vec(vec![1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0], &[2, 3, 1]);
    let one = Tensor::from_vec(vec![1.0], &[1, 1]);
    let o = config(Cell::Plain(Plain::Relu), true, false, false);
    let weights = [one.clone(), one.clone(), one.clone(), one];
    let found = recurrent(&x, Some(&[3, 2, 1]), &[h], &weights, &o, &mut Generator::new(0)).unwrap();
    let rows =
        [[1001.0, 4111.0], [2002.0, 5022.0], [3003.0, 6003.0], [1011.0, 4110.0], [2022.0, 5020.0], [1111.0, 4100.0]];
    assert_eq!(found[0].to_f64_vec().unwrap(), rows.concat());
    assert_eq!(found[1].to_f64_vec().unwrap(), [1111.0, 2022.0, 3003.0, 4111.0, 5022.0, 6003.0]);
}
