//! A graph as text for JavaScript: one JSON array of values, in which `[tag, ...]` is a value and numbers are places.
//!
//! | tag | | tag | |
//! |---|---|---|---|
//! | `n` | None | `l`, `t`, `s` | list, tuple, set: the places of the items |
//! | `b` | a bool | `d`, `o` | dict, OrderedDict: places of keys and values in turn, then the place of the attributes or null |
//! | `i` | an integer; `I` a string for BigInt, after its sign | `T` | tensor: storage, offset, shape, strides, requires_grad, parameter, dtype, negative |
//! | `f` | a float, or `"nan"`, `"inf"`, `"-inf"` | `r` | record: class, arguments, state or null, items, keys and values |
//! | `x` | text | `y` | the place of a buffer |
//! | `g` | a class | | |

use crate::error::{Result, unpickling};
use crate::graph::{DictNode, Graph, Node, Ref, TensorNode};
use candlewick_tensor::DType;
use serde_json::{Value, json};

/// Writes a graph; the root is the last element.
pub fn graph_to_json(graph: &Graph) -> String {
    let mut values: Vec<Value> = graph.nodes.iter().map(to_value).collect();
    values.push(json!(graph.root));
    Value::Array(values).to_string()
}

fn to_value(node: &Node) -> Value {
    let flat = |pairs: &[(Ref, Ref)]| -> Vec<Ref> { pairs.iter().flat_map(|&(k, v)| [k, v]).collect() };
    match node {
        Node::None => json!(["n"]),
        Node::Bool(b) => json!(["b", b]),
        Node::Int(i) if i.unsigned_abs() <= 1 << 53 => json!(["i", i]),
        Node::Int(i) => json!(["I", *i < 0, i.unsigned_abs().to_string()]),
        Node::Big(negative, digits) => json!(["I", negative, digits]),
        Node::Float(v) if v.is_nan() => json!(["f", "nan"]),
        Node::Float(v) if v.is_infinite() => json!(["f", if *v > 0.0 { "inf" } else { "-inf" }]),
        Node::Float(v) => json!(["f", v]),
        Node::Text(t) => json!(["x", t]),
        Node::Bytes(place) => json!(["y", place]),
        Node::List(items) => json!(["l", items]),
        Node::Tuple(items) => json!(["t", items]),
        Node::Set(items) => json!(["s", items]),
        Node::Dict(d) => json!([if d.ordered { "o" } else { "d" }, flat(&d.items), d.attributes]),
        Node::Tensor(t) => {
            json!([
                "T",
                t.storage,
                t.offset,
                t.shape,
                t.strides,
                t.requires_grad,
                t.parameter,
                t.dtype.name(),
                t.negative
            ])
        }
        Node::Record(r) => json!(["r", r.class, r.args, r.state, r.items, flat(&r.entries)]),
        Node::Global(name) => json!(["g", name]),
    }
}

/// Reads a graph that JavaScript wrote. Errors: text of another form, places that do not exist.
pub fn graph_from_json(text: &str, buffers: Vec<Vec<u8>>) -> Result<Graph> {
    let Ok(Value::Array(mut values)) = serde_json::from_str(text) else { return bad() };
    let root = values.pop().as_ref().and_then(place).map_or_else(bad, Ok)?;
    let nodes: Vec<Node> = values.iter().map(|v| from_value(v).map_or_else(bad, Ok)).collect::<Result<_>>()?;
    let graph = Graph { nodes, buffers, root };
    let mut inside = (root as usize) < graph.nodes.len();
    for at in 0..graph.nodes.len() {
        graph.children(at as Ref, |child| inside &= (child as usize) < graph.nodes.len());
        inside &= !matches!(&graph.nodes[at], Node::Bytes(b) if *b >= graph.buffers.len());
    }
    if inside { Ok(graph) } else { bad() }
}

fn bad<T>() -> Result<T> {
    unpickling("the values to write have an unknown form")
}
fn place(v: &Value) -> Option<Ref> {
    Ref::try_from(v.as_u64()?).ok()
}
fn places(v: &Value) -> Option<Vec<Ref>> {
    v.as_array()?.iter().map(place).collect()
}
fn from_value(v: &Value) -> Option<Node> {
    let v = v.as_array()?;
    Some(match (v.first()?.as_str()?, &v[1..]) {
        ("n", []) => Node::None,
        ("b", [b]) => Node::Bool(b.as_bool()?),
        ("i", [i]) => Node::Int(i.as_i64()?),
        ("I", [negative, digits]) => Node::Big(negative.as_bool()?, digits.as_str()?.into()),
        ("f", [v]) => Node::Float(match v.as_str() {
            Some("nan") => f64::NAN,
            Some("inf") => f64::INFINITY,
            Some("-inf") => f64::NEG_INFINITY,
            Some("-0") => -0.0,
            Some(_) => return None,
            None => v.as_f64()?,
        }),
        ("x", [t]) => Node::Text(t.as_str()?.into()),
        ("y", [b]) => Node::Bytes(usize::try_from(b.as_u64()?).ok()?),
        ("l", [items]) => Node::List(places(items)?),
        ("t", [items]) => Node::Tuple(places(items)?),
        ("s", [items]) => Node::Set(places(items)?),
        (tag @ ("d" | "o"), [items, attributes]) => {
            let flat = places(items)?;
            Node::Dict(Box::new(DictNode {
                items: flat.chunks(2).map(|p| Some((p[0], *p.get(1)?))).collect::<Option<_>>()?,
                ordered: tag == "o",
                attributes: if attributes.is_null() { None } else { Some(place(attributes)?) },
            }))
        }
        // Of a tensor to write JavaScript says its number; the caller knows the rest.
        ("T", [number, grad, parameter]) => Node::Tensor(Box::new(TensorNode {
            storage: usize::try_from(number.as_u64()?).ok()?,
            dtype: DType::F32,
            offset: 0,
            shape: vec![],
            strides: vec![],
            requires_grad: grad.as_bool()?,
            parameter: parameter.as_bool()?,
            negative: false,
        })),
        _ => return None,
    })
}
