//! Text and drawings.

use candlewick_plot::{FontOptions, Picture, Sheet, measure, render};

const ALONE: FontOptions = FontOptions { system: false, files: vec![] };

const WHITE: [u8; 3] = [255; 3];

fn of(svg: &str) -> Vec<u8> {
    let svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">{svg}</svg>"#);
    render(&svg, WHITE, &[], 1.0, &ALONE).unwrap()
}

#[test]
fn text_is_as_wide_as_its_letters() {
    let texts = ["", " ", "i", "W", "WW", "a < b & c", "two\nlines", "\u{1}"];
    let all = measure(&texts, &ALONE).unwrap();
    assert_eq!(all[0].width, 0.0);
    assert!(all[2].width < all[3].width);
    assert!((all[4].width - 2.0 * all[3].width).abs() < 1e-4);
    assert!(all[5].width > 2.0 && all[6].width > 2.0);
    assert!((0.9..1.0).contains(&all[3].ascent) && (0.2..0.3).contains(&all[3].descent));
    assert!(all[..7].iter().all(|m| m.missing.is_empty()));
}

#[test]
fn characters_without_a_glyph_are_named() {
    let all = measure(&["loss 한글 ok", "naïve ≤ α"], &ALONE).unwrap();
    assert_eq!(all[0].missing, "한글");
    assert_eq!(all[1].missing, "");
}

#[test]
fn a_drawing_has_ink_without_any_system_font() {
    let empty = of("");
    let text = of(r#"<text x="2" y="15" font-size="12">loss</text>"#);
    assert_ne!(text, empty);
    assert_eq!(text, of(r#"<text x="2" y="15" font-size="12">loss</text>"#));
}

#[test]
fn files_are_not_opened() {
    assert_eq!(of(r#"<image href="/etc/hostname.png" width="9" height="9"/>"#), of(""));
}

#[test]
fn errors_say_what_came() {
    let error = |svg: &str, scale: f64| render(svg, WHITE, &[], scale, &ALONE).unwrap_err().to_string();
    assert!(error("no svg", 1.0).contains("unknown token"), "{}", error("no svg", 1.0));
    let large = r#"<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="20000"/>"#;
    assert_eq!(error(large, 1.0), "expected a picture of at most 1e8 pixels, received 60000 x 20000");
    let fonts = FontOptions { system: false, files: vec!["/none.ttf".into()] };
    let missing = measure(&["x"], &fonts).unwrap_err().to_string();
    assert!(missing.starts_with("/none.ttf: "), "{missing}");
}

/// A sheet of 4 x 2 with one picture of 2 x 1: the red values.
fn red(place: [f64; 4], clip: [f64; 4], shape: [usize; 3], planes: &[u8]) -> Vec<u8> {
    let mut data = vec![9; 4 * 2 * 4];
    let picture = Picture { planes: planes.to_vec(), shape, place, clip, smooth: false };
    picture.put(1.0, &mut Sheet { width: 4, height: 2, data: &mut data }).unwrap();
    data.iter().step_by(4).copied().collect()
}

#[test]
fn pictures_lie_where_they_are_put() {
    let (all, two) = ([0.0, 0.0, 4.0, 2.0], [100, 200, 0, 0, 0, 0]);
    assert_eq!(red(all, all, [3, 1, 2], &two), [100, 100, 200, 200, 100, 100, 200, 200]);
    assert_eq!(red([4.0, 0.0, 0.0, 2.0], all, [3, 1, 2], &two), [200, 200, 100, 100, 200, 200, 100, 100]);
    assert_eq!(red([1.0, 1.0, 3.0, 2.0], all, [3, 1, 2], &two), [9, 9, 9, 9, 9, 100, 200, 9]);
    assert_eq!(red(all, [1.0, 0.0, 3.0, 1.0], [3, 1, 2], &two), [9, 100, 200, 9, 9, 9, 9, 9]);
    assert_eq!(red([-90.0, 0.0, 90.0, 1.0], all, [3, 1, 2], &two), [200, 200, 200, 200, 9, 9, 9, 9]);
    let seen_through = [100, 200, 0, 0, 0, 0, 255, 0];
    assert_eq!(red([0.0, 0.0, 2.0, 1.0], all, [4, 1, 2], &seen_through), [100, 9, 9, 9, 9, 9, 9, 9]);
    // Four pixels in the room of one are their mean, nearly.
    let mean = red([0.0, 0.0, 1.0, 1.0], all, [3, 2, 2], &[0, 100, 100, 200, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!((95..=105).contains(&mean[0]), "{mean:?}");
}

#[test]
fn pictures_that_are_none_are_refused() {
    let picture = Picture { planes: vec![0; 5], shape: [3, 1, 2], place: [0.0; 4], clip: [0.0; 4], smooth: false };
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="6" height="2"/>"#;
    let error = render(svg, WHITE, &[picture], 1.0, &ALONE).unwrap_err().to_string();
    assert_eq!(error, "expected a picture [3 or 4, H, W], received [3, 1, 2]");
}
