//! What each fuzzer does with its bytes. Every file is opened as a user's would be: its values as text for JavaScript, each storage
//! read, each tensor made. Beyond a crash it is a finding when memory grows without measure, or when what was read cannot be
//! written and read again.

mod checksums;
mod memory;

use candlewick_io::{
    Format, Graph, Node, SaveOptions, Source, Unknown, graph_from_json, graph_to_json, open, read_pickle, save,
    write_pickle,
};
use candlewick_vision::{DecodeOptions, Mode, decode};

/// The fuzzers by name.
pub const TARGETS: [&str; 10] =
    ["pickle", "zip", "legacy", "safetensors", "npy", "npz", "idx", "values", "sniff", "image"];

/// A small file may need this much, and a larger one this many times its size.
const SMALL: usize = 1200 << 20;
const GROWTH: usize = 1500;

/// Runs one fuzzer on one input. Panics: a finding.
pub fn run(target: &str, bytes: &[u8]) {
    let most = SMALL + GROWTH * bytes.len();
    let peak = memory::peak(|| match target {
        "pickle" => pickle(bytes),
        "zip" => file(Format::Torch, &checksums::repaired(bytes)),
        "legacy" => file(Format::Torch, bytes),
        "safetensors" => file(Format::Safetensors, bytes),
        "npy" => file(Format::Numpy, bytes),
        "npz" => file(Format::Numpy, &checksums::repaired(bytes)),
        "idx" => file(Format::Idx, bytes),
        "values" => values(bytes),
        "sniff" => sniff(bytes),
        "image" => image(bytes),
        other => panic!("there is no fuzzer {other}; there are {}", TARGETS.join(", ")),
    });
    assert!(peak <= most, "{peak} bytes of memory for a file of {}", bytes.len());
}

fn file(format: Format, bytes: &[u8]) {
    for unknown in [Unknown::Refuse, Unknown::Record] {
        let opened = match open(Source::Bytes(bytes.to_vec()), format, unknown) {
            Ok(opened) => opened,
            Err(e) => {
                assert!(!e.to_string().is_empty() && e.to_string().len() < 5000);
                continue;
            }
        };
        graph_to_json(&opened.graph);
        let infos = opened.storages();
        let mut storages = vec![];
        for node in &opened.graph.nodes {
            let Node::Tensor(t) = node else { continue };
            assert!(t.storage < infos.len());
            let Ok(storage) = opened.storage(t.storage, t.dtype) else { continue };
            storage.strided(&t.shape, &t.strides, t.offset).expect("a tensor lies within its storage");
            storages.push(storage);
        }
        if unknown == Unknown::Refuse {
            again(&opened.graph, format);
        }
    }
}

/// Writes what was read with storages of zeros.
fn again(graph: &Graph, format: Format) {
    let most =
        graph.nodes.iter().filter_map(|n| if let Node::Tensor(t) = n { Some(t.storage + 1) } else { None }).max();
    let mut sizes = vec![None; most.unwrap_or(0).min(1000)];
    for node in &graph.nodes {
        let Node::Tensor(t) = node else { continue };
        if let Some(size) = sizes.get_mut(t.storage) {
            *size = Some(t.dtype);
        }
    }
    let storages: Vec<_> = sizes.iter().map(|d| (d.unwrap_or(candlewick_tensor::DType::U8), &[][..])).collect();
    let mut out = std::io::Cursor::new(vec![]);
    let format = if format == Format::Idx { Format::Numpy } else { format };
    let _ = save(&mut out, &SaveOptions { format, name: "again", compress: false }, graph, &storages);
}

/// A file of any format, as `inspect` opens it.
fn sniff(bytes: &[u8]) {
    if let Ok(format) = Format::of(&Source::Bytes(bytes.to_vec())) {
        file(format, bytes);
    }
    file(Format::Pickle, bytes);
}

/// An image of any format, in the colours that its last byte names.
fn image(bytes: &[u8]) {
    let last = bytes.last().copied().unwrap_or(0);
    let modes = [Mode::Unchanged, Mode::Gray, Mode::GrayAlpha, Mode::Rgb, Mode::RgbAlpha];
    let options = DecodeOptions {
        mode: modes[last as usize % modes.len()],
        apply_exif_orientation: last & 8 != 0,
        keep_16_bits: last & 16 != 0,
        allow_truncated: last & 32 != 0,
        max_pixels: 1 << 20,
        ..DecodeOptions::default()
    };
    match decode(bytes, &options) {
        Ok(image) => assert!(image.width * image.height <= 1 << 20),
        Err(e) => assert!(!e.to_string().is_empty() && e.to_string().len() < 5000),
    }
}

fn pickle(bytes: &[u8]) {
    if let Ok(graph) = read_pickle(bytes, Unknown::Record) {
        graph_to_json(&graph);
    }
    let Ok(graph) = read_pickle(bytes, Unknown::Refuse) else { return };
    graph_to_json(&graph);
    if graph.nodes.iter().any(|n| matches!(n, Node::Tensor(_))) {
        return;
    }
    if let Ok(written) = write_pickle(&graph) {
        let back = read_pickle(&written, Unknown::Refuse).expect("what is written is read");
        graph_to_json(&back);
    }
}

fn values(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(graph) = graph_from_json(text, vec![b"\xff\0".to_vec(), vec![]]) else { return };
    if let Ok(written) = write_pickle(&graph) {
        let _ = read_pickle(&written, Unknown::Refuse);
    }
    for format in [Format::Torch, Format::Safetensors, Format::Numpy] {
        again(&graph, format);
    }
}
