//! Pickles and archives: what is written is read, and nothing that is read harms.

use candlewick_io::{
    Format, Graph, Node, Opened, Result, SaveOptions, Source, Unknown, graph_from_json, graph_to_json, open,
    read_pickle, save, write_pickle,
};
use candlewick_tensor::DType;

fn fixture(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test/fixtures/pytorch/files/");
    std::fs::read(format!("{path}{name}")).unwrap_or_default()
}

/// `[None, True, -3, 1.5, "a", (2, b"\xff"), {"k": {1}}, itself]`
fn sample() -> Graph {
    let values = r#"[["n"],["b",true],["i",-3],["f",1.5],["x","a"],["i",2],["y",0],["t",[5,6]],["i",1],["s",[8]],["x","k"],
        ["d",[10,9],null],["l",[0,1,2,3,4,7,11,12]],["I",true,"0x100000000000000000"],12]"#;
    graph_from_json(values, vec![vec![255]]).unwrap_or_default()
}

#[test]
fn pickles_are_read_as_they_were_written() {
    let graph = sample();
    let bytes = write_pickle(&graph).unwrap_or_default();
    let back = read_pickle(&bytes, Unknown::Refuse).unwrap_or_default();
    let Node::List(items) = &back.nodes[back.root as usize] else { panic!("no list: {back:?}") };
    assert_eq!(items.len(), 8);
    assert_eq!(items[7], back.root, "the list holds itself");
    assert_eq!(back.nodes[items[2] as usize], Node::Int(-3));
    assert_eq!(back.buffers, vec![vec![255]]);
    assert!(graph_to_json(&back).starts_with('['));
}

#[test]
fn integers_of_any_size() {
    for (value, sign, digits) in
        [("[[\"I\",true,\"0x80\"],0]", -128, ""), ("[[\"I\",false,\"0x10000000000000000\"],0]", 0, "0x")]
    {
        let graph = graph_from_json(value, vec![]).unwrap_or_default();
        let back = read_pickle(&write_pickle(&graph).unwrap_or_default(), Unknown::Refuse).unwrap_or_default();
        match &back.nodes[back.root as usize] {
            Node::Int(v) => assert_eq!(*v, sign),
            Node::Big(negative, d) => assert!(!negative && d.starts_with(digits)),
            other => panic!("{other:?}"),
        }
    }
}

/// Opens bytes as what they look like.
fn open_any(bytes: Vec<u8>, unknown: Unknown) -> Result<Opened> {
    let source = Source::Bytes(bytes);
    let format = Format::of(&source)?;
    open(source, format, unknown)
}

#[test]
fn every_prefix_and_every_changed_byte_is_an_error_or_a_value() {
    for name in [
        "zip.pth",
        "legacy.pth",
        "deflated.pth",
        "namespace.pth",
        "types.safetensors",
        "types.npz",
        "compressed.npz",
        "fortran.npy",
        "batch.pkl",
    ] {
        let bytes = fixture(name);
        assert!(open_any(bytes.clone(), Unknown::Record).is_ok(), "{name}");
        for at in (0..bytes.len()).step_by(7) {
            let _ = open_any(bytes[..at].to_vec(), Unknown::Record);
            let mut changed = bytes.clone();
            changed[at] = changed[at].wrapping_add(1 + (at % 200) as u8);
            if let Ok(file) = open_any(changed, Unknown::Record) {
                for place in 0..file.storages().len() {
                    let _ = file.storage(place, DType::F32);
                }
            }
        }
    }
}

#[test]
fn formats_are_known_by_their_first_bytes() {
    let idx = [&[0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 2][..], &[0, 0, 0, 7, 255, 255, 255, 255]].concat();
    for (bytes, expected) in [
        (fixture("zip.pth"), Format::Torch),
        (fixture("legacy-4.pth"), Format::Torch),
        (fixture("types.npz"), Format::Numpy),
        (fixture("fortran.npy"), Format::Numpy),
        (fixture("types.safetensors"), Format::Safetensors),
        (fixture("batch.pkl"), Format::Pickle),
        (idx.clone(), Format::Idx),
    ] {
        assert_eq!(Format::of(&Source::Bytes(bytes)).ok(), Some(expected));
    }
    let opened = open_any(idx, Unknown::Refuse).expect("an IDX file");
    let elements = opened.storage(0, DType::I32).expect("its elements");
    assert_eq!(elements.storage().as_bytes().ok(), Some(&[7, 0, 0, 0, 255, 255, 255, 255][..]));
    let page = Format::of(&Source::Bytes(b"<!DOCTYPE html><p>404".to_vec()));
    assert!(page.err().map(|e| e.to_string()).unwrap_or_default().contains("it is a web page"));
}

#[test]
fn a_pickle_that_asks_for_code_is_refused() {
    let evil = b"cos\nsystem\n(S'true'\ntR.";
    let message = read_pickle(evil, Unknown::Refuse).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(message.starts_with("Unsupported global: GLOBAL os.system was not an allowed global"), "{message}");
    assert!(read_pickle(evil, Unknown::Record).is_ok(), "as a record nothing runs");
}

#[test]
fn a_bomb_is_refused() {
    // A stored size of 2^40 in a member of a few bytes.
    let mut bytes = fixture("deflated.pth");
    let at = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap_or(0);
    bytes[at + 24..at + 28].copy_from_slice(&0xfff0_0000u32.to_le_bytes());
    let opened = open_any(bytes, Unknown::Refuse);
    assert!(opened.is_err(), "the first member claims four gigabytes");
}

#[test]
fn archives_hold_their_elements_at_multiples_of_64() {
    let graph = graph_from_json("[[\"n\"],0]", vec![]).unwrap_or_default();
    let data = [7u8; 100];
    let options = SaveOptions { format: Format::Torch, name: "m", compress: false };
    let mut out = std::io::Cursor::new(vec![]);
    save(&mut out, &options, &graph, &[(DType::U8, &data[..])]).expect("written");
    let bytes = out.into_inner();
    let at = bytes.windows(100).position(|w| w == data).unwrap_or(1);
    assert_eq!(at % 64, 0);
}
