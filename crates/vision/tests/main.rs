//! Images decoded and encoded; the pixels themselves are compared with Pillow's in test/vision/io.test.ts.

mod steps;

use candlewick_vision::{
    Color, DecodeOptions, Error, Format, Mode, Samples, decode, encode_jpeg, encode_png, header, planes as channels,
};

/// Planes [3, H, W] of a colour that changes slowly.
fn planes(height: usize, width: usize) -> Vec<u8> {
    (0..3).flat_map(|c| (0..height * width).map(move |i| ((i % width) * 2 + (i / width) + c * 20) as u8)).collect()
}
fn pixels(samples: &Samples) -> &[u8] {
    match samples {
        Samples::Eight(v) => v,
        Samples::Sixteen(_) => panic!("expected 8 bits"),
    }
}

#[test]
fn png_keeps_every_value() {
    let (h, w) = (7, 5);
    let values = planes(h, w);
    let file = encode_png(&values, [3, h, w], 6).unwrap();
    let image = decode(&file, &DecodeOptions::default()).unwrap();
    assert_eq!((image.width, image.height, image.color), (w, h, Color::Rgb));
    assert_eq!(channels(pixels(&image.samples), 3, |v| v).unwrap(), values);
}

#[test]
fn jpeg_comes_close_and_reduces() {
    let (h, w) = (64, 48);
    let values = planes(h, w);
    let file = encode_jpeg(&values, [3, h, w], 95).unwrap();
    assert_eq!(header(&file, &DecodeOptions::default()).unwrap().height, h);
    let image = decode(&file, &DecodeOptions::default()).unwrap();
    let values_now = channels(pixels(&image.samples), 3, |v| v).unwrap();
    let worst = values_now.iter().zip(&values).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst < Some(40), "{worst:?}");
    let small = decode(&file, &DecodeOptions { reduce: 8, mode: Mode::Gray, ..Default::default() }).unwrap();
    assert_eq!((small.width, small.height, small.color), (w / 8, h / 8, Color::Gray));
}

#[test]
fn errors_say_what_came() {
    let o = DecodeOptions::default();
    let said = |bytes: &[u8], o: &DecodeOptions| decode(bytes, o).unwrap_err().to_string();
    assert_eq!(said(&[], &o), "expected an image, received no bytes");
    assert!(
        said(b"hello, world", &o)
            .starts_with("expected a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file, received one that")
    );
    let file = encode_jpeg(&planes(64, 64), [3, 64, 64], 75).unwrap();
    assert_eq!(said(&file[..file.len() - 40], &o), "the file is truncated");
    assert!(decode(&file[..file.len() - 40], &DecodeOptions { allow_truncated: true, ..o }).is_ok());
    let png = DecodeOptions { format: Some(Format::Png), ..o };
    assert_eq!(said(&file, &png), "expected a Png file, received a Jpeg file");
    let small = DecodeOptions { max_pixels: 4095, ..o };
    assert!(matches!(decode(&file, &small), Err(Error::TooLarge(_))));
    assert!(matches!(encode_png(&[], [3, 0, 4], 6), Err(Error::Argument(_))));
}

#[test]
fn rows_alone_are_those_of_the_whole() {
    let (h, w) = (61, 50);
    let file = encode_jpeg(&planes(h, w), [3, h, w], 80).unwrap();
    let whole = decode(&file, &DecodeOptions::default()).unwrap();
    for first in 0..h {
        for count in [1, 2, 7, 8, 9, 16, 17, 40] {
            let o = DecodeOptions { rows: Some((first, count)), ..Default::default() };
            let part = decode(&file, &o).unwrap();
            let count = count.min(h - first);
            assert_eq!((part.width, part.height), (w, count));
            let want = &pixels(&whole.samples)[first * w * 3..(first + count) * w * 3];
            assert!(pixels(&part.samples) == want, "{count} rows from {first}");
        }
    }
    let o = DecodeOptions { rows: Some((3, 5)), ..Default::default() };
    assert!(decode(&file[..file.len() - 40], &o).is_err());
}
