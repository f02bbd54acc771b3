//! Tensors in a pickle: storages by their persistent ids, and views of them.

use super::globals::Known;
use super::read::Machine;
use crate::error::{Result, unpickling, unsupported};
use crate::file::check_sizes;
use crate::graph::{Node, Ref, TensorNode};
use crate::storage::{Place, Stored};
use candlewick_tensor::DType;

impl Machine<'_> {
    /// The storage of a persistent id: `("storage", class, key, location, numel)`.
    pub(super) fn storage(&mut self, id: Ref) -> Result<Ref> {
        let parts = self.items_of(id)?;
        if let [tag, class, ..] = parts[..]
            && self.text_of(tag).as_deref() == Some("module")
        {
            return Ok(class); // the class of a module, beside its source
        }
        let [tag, class, key, location, numel, ..] = parts[..] else {
            return unpickling("a persistent id of fewer than five parts");
        };
        if self.text_of(tag).as_deref() != Some("storage") {
            return unpickling("a persistent id that is no storage");
        }
        let Some(Known::StorageClass(dtype)) = self.known.get(&class).cloned() else {
            if let Some(Known::Class(_)) = self.known.get(&class) {
                return Ok(self.record("torch.storage.TypedStorage", id));
            }
            return unpickling("a storage of something that is no class of storages");
        };
        let (Some(key), Some(location)) = (self.text_of(key), self.text_of(location)) else {
            return unpickling("a storage without a name or a place");
        };
        let Some(numel) = self.int_of(numel).and_then(|n| usize::try_from(n).ok()) else {
            return unpickling("a storage of a negative size");
        };
        if let Some([view_key, offset, size]) = parts.get(5).map(|&v| self.items_of(v).unwrap_or_default()).as_deref() {
            let _ = (view_key, offset, size);
            return unpickling("views of storages, as PyTorch wrote them before 0.4, are not supported");
        }
        let known = Stored { key: key.clone(), dtype, numel, location, place: Place::Elsewhere, big_endian: false };
        let place = match self.storage_of.get(&key) {
            Some(&place) => {
                let old = &self.storages[place];
                if old.dtype != known.dtype || old.numel != known.numel {
                    return unpickling(format!("storage {key} is named twice, with different types or sizes"));
                }
                place
            }
            None => {
                self.storages.push(known);
                self.storage_of.insert(key, self.storages.len() - 1);
                self.storages.len() - 1
            }
        };
        Ok(self.add_known(Known::Storage(place), "torch.storage.TypedStorage"))
    }

    /// `_rebuild_tensor(storage, offset, size, stride)`; v2 adds `requires_grad, hooks`, v3 the dtype of an untyped storage.
    pub(super) fn tensor(&mut self, name: &str, args: &[Ref]) -> Result<Ref> {
        let [storage, offset, size, stride, rest @ ..] = args else {
            return unpickling(format!("{name} with {} arguments", args.len()));
        };
        let Some(Known::Storage(place)) = self.known.get(storage).cloned() else {
            if matches!(self.graph.nodes[*storage as usize], Node::Record(_)) {
                return unsupported(format!("{name}: a tensor of an element type that is not supported"));
            }
            return unpickling(format!("{name}: the first argument is no storage"));
        };
        let (shape, strides) = (self.sizes_of(*size)?, self.sizes_of(*stride)?);
        let Some(offset) = self.int_of(*offset).and_then(|n| usize::try_from(n).ok()) else {
            return unpickling(format!("{name}: a negative offset"));
        };
        let requires_grad = rest.first().is_some_and(|&r| self.int_of(r) == Some(1));
        let dtype = match rest.get(2).and_then(|r| self.known.get(r)) {
            Some(Known::DType(dtype)) if name.ends_with("_v3") => *dtype,
            Some(Known::Class(dtype)) => return unsupported(format!("tensors of {dtype} are not supported")),
            _ if name.ends_with("_v3") => return unpickling(format!("{name}: the element type is missing")),
            _ => match self.storages[place].dtype {
                Some(dtype) => dtype,
                None => return unpickling(format!("{name}: a storage without an element type")),
            },
        };
        let metadata = rest.get(if name.ends_with("_v3") { 3 } else { 2 });
        let negative = metadata.is_some_and(|&m| self.flag_of(m, "neg"));
        let node =
            TensorNode { storage: place, dtype, offset, shape, strides, requires_grad, parameter: false, negative };
        self.checked_tensor(node)
    }

    /// Adds a tensor whose elements all lie in its storage.
    pub(super) fn checked_tensor(&mut self, node: TensorNode) -> Result<Ref> {
        let storage = &self.storages[node.storage];
        let elements = match storage.dtype {
            Some(_) => storage.numel,
            None => storage.numel / node.dtype.size(),
        };
        check_sizes(&node.shape)?;
        check_sizes(&node.strides)?;
        check_sizes(&[node.offset])?;
        if node.shape.len() != node.strides.len() {
            return unpickling(format!("a tensor of {} sizes and {} strides", node.shape.len(), node.strides.len()));
        }
        let count = node.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        let last = node
            .shape
            .iter()
            .zip(&node.strides)
            .try_fold(node.offset, |last, (&n, &s)| last.checked_add(n.saturating_sub(1).checked_mul(s)?));
        let inside = match (count, last) {
            (Some(0), _) => true,
            (Some(_), Some(last)) => last < elements,
            _ => false,
        };
        if !inside {
            return unpickling(format!(
                "a tensor of shape {:?}, strides {:?} and offset {} lies outside of its storage of {elements} elements",
                node.shape, node.strides, node.offset
            ));
        }
        if storage.dtype.is_some_and(|d| d != node.dtype) {
            return unpickling("a tensor of another element type than its storage");
        }
        Ok(self.graph.add(Node::Tensor(Box::new(node))))
    }

    /// A tensor as an `nn.Parameter`.
    pub(super) fn parameter(&mut self, data: Ref, requires_grad: bool) -> Result<Ref> {
        let Node::Tensor(t) = &self.graph.nodes[data as usize] else {
            return unpickling("a parameter of something that is no tensor");
        };
        let node = TensorNode { parameter: true, requires_grad, ..(**t).clone() };
        Ok(self.graph.add(Node::Tensor(Box::new(node))))
    }

    /// A tensor over a buffer of the pickle itself.
    pub(super) fn inline_tensor(
        &mut self,
        dtype: DType,
        shape: Vec<usize>,
        strides: Vec<usize>,
        bytes: Vec<u8>,
        big_endian: bool,
    ) -> Result<Ref> {
        self.graph.buffers.push(bytes);
        let inline = self.graph.buffers.len() - 1;
        let numel = self.graph.buffers[inline].len() / dtype.size();
        let storage = self.storages.len();
        let key = format!("inline {inline}");
        self.storages.push(Stored {
            key,
            dtype: Some(dtype),
            numel,
            location: "cpu".into(),
            place: Place::Inline(inline),
            big_endian,
        });
        self.checked_tensor(TensorNode {
            storage,
            dtype,
            offset: 0,
            shape,
            strides,
            requires_grad: false,
            parameter: false,
            negative: false,
        })
    }
}
