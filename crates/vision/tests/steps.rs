//! Steps and batches; their pixels are compared with Pillow's in test/vision/transforms.

use candlewick_vision::{Batch, Error, Picture, Raster, Step, assemble, parse, parse_all, run};
use std::ops::Range;

fn raster(width: usize, height: usize, channels: usize) -> Raster {
    let data = (0..width * height * channels).map(|i| (i * 37 % 256) as u8).collect();
    Raster { width, height, channels, data }
}
fn done(image: Raster, names: &str, numbers: &[f64]) -> Result<Picture, Error> {
    run(Picture::Bytes(image), &parse(names, numbers)?)
}
fn serial(range: Range<usize>, one: &(dyn Fn(usize) + Sync)) {
    range.for_each(one);
}

#[test]
fn two_flips_and_four_turns_change_nothing() {
    for channels in 1..=4 {
        let image = raster(5, 3, channels);
        assert_eq!(done(image.clone(), "hflip,hflip", &[0.0, 0.0]).unwrap(), Picture::Bytes(image.clone()));
        assert_eq!(done(image.clone(), "vflip,vflip", &[0.0, 0.0]).unwrap(), Picture::Bytes(image.clone()));
        let turned = done(image.clone(), "turn,turn,turn,turn", &[1.0; 8]).unwrap();
        assert_eq!(turned, Picture::Bytes(image));
    }
}

#[test]
fn a_crop_takes_black_from_outside() {
    let Picture::Bytes(out) = done(raster(2, 2, 1), "crop", &[4.0, -1.0, -1.0, 4.0, 4.0]).unwrap() else { panic!() };
    let mut want = vec![0u8; 16];
    want[5..7].copy_from_slice(&[0, 37]);
    want[9..11].copy_from_slice(&[74, 111]);
    assert_eq!(out.data, want);
}

#[test]
fn enhancers_leave_opacity() {
    for name in ["brightness", "contrast", "saturation", "sharpness"] {
        let image = raster(5, 4, 4);
        let Picture::Bytes(out) = done(image.clone(), name, &[1.0, 0.25]).unwrap() else { panic!() };
        assert_ne!(out, image, "{name}");
        assert!(out.data.iter().skip(3).step_by(4).eq(image.data.iter().skip(3).step_by(4)), "{name}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let said = |names: &str, numbers: &[f64]| done(raster(4, 4, 3), names, numbers).unwrap_err().to_string();
    assert_eq!(said("crop", &[4.0, 1.0]), "crop: numbers are missing");
    assert_eq!(said("sharpen", &[0.0]), "there is no step sharpen for bytes");
    assert_eq!(said("toTensor,hue", &[0.0, 1.0, 3.0]), "there is no step hue for floats");
    assert!(said("resize", &[3.0, 0.0, 4.0, 1.0]).starts_with("height and width must be > 0"));
    assert!(said("gaussianBlur", &[4.0, 9.0, 9.0, 1.0, 1.0]).contains("is too small for a filter of 9 x 9"));
    assert!(said("posterize", &[1.0, 9.0]).contains("expected 0 to 8 bits"));
    assert!(said("toTensor,erase", &[0.0, 5.0, 3.0, 3.0, 4.0, 4.0, 0.0]).contains("a rectangle outside"));
}

#[test]
fn a_batch_is_its_images() {
    let names = "hflip,toTensor,normalize;toTensor,normalize";
    let normal = [6.0, 3.0, 0.5, 0.4, 0.3, 0.2, 0.3];
    // Three means and deviations: 0.5, 0.4, 0.3 and 0.2, 0.3, 0.25.
    let tail: Vec<f64> =
        [0.0].into_iter().chain([7.0, 3.0]).chain(normal[2..7].iter().copied()).chain([0.25]).collect();
    let numbers: Vec<f64> = [0.0].into_iter().chain(tail.clone()).chain(tail).collect();
    let steps: Vec<Vec<Step>> = parse_all(names, &numbers, 2).unwrap();
    let image = |_: usize| Ok::<_, Error>(raster(4, 3, 3));
    let Batch::Floats(values, shape) = assemble(2, &steps, &image, &|_, e| e, &serial).unwrap() else { panic!() };
    assert_eq!(shape, [2, 3, 3, 4]);
    for (i, steps) in steps.iter().enumerate() {
        let Picture::Floats(one) = run(Picture::Bytes(raster(4, 3, 3)), steps).unwrap() else { panic!() };
        assert_eq!(values[i * 36..][..36], one.data);
    }
    let sizes = |i: usize| Ok::<_, Error>(raster(4 + i, 3, 3));
    let error = assemble(2, &steps[1..], &sizes, &|_, e| e, &serial).unwrap_err().to_string();
    assert_eq!(
        error,
        "stack expects each tensor to be equal size, but got [3, 3, 4] at entry 0 and [3, 3, 5] at entry 1"
    );
    assert!(parse_all(names, &numbers, 3).is_err());
    assert!(assemble(0, &steps, &image, &|_, e| e, &serial).is_err());
}
