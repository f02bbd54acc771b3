//! Tensors in a pickle: views of storages that lie beside it.

use super::opcode as op;
use super::write::{Target, Writer};
use crate::error::{Result, unpickling};
use crate::graph::TensorNode;
use crate::numeric::storage_class;

impl Writer<'_> {
    fn sizes(&mut self, sizes: &[usize]) {
        self.out.push(op::MARK);
        sizes.iter().for_each(|&n| self.int(n as i64));
        self.out.push(op::TUPLE);
    }

    pub(super) fn tensor(&mut self, t: &TensorNode) -> Result<()> {
        let Target::Storages(storages) = self.target else {
            return unpickling("a bare pickle has no place for tensors: torch.save writes them");
        };
        let Some(&(dtype, numel)) = storages.get(t.storage) else {
            return unpickling("a tensor of a storage that is not given");
        };
        if t.parameter {
            self.global("torch._utils", "_rebuild_parameter");
            self.out.push(op::MARK);
        }
        self.global("torch._utils", "_rebuild_tensor_v2");
        self.out.extend([op::MARK, op::MARK]);
        self.text("storage")?;
        self.global("torch", storage_class(dtype));
        self.text(&t.storage.to_string())?;
        self.text("cpu")?;
        self.int(numel as i64);
        self.out.extend([op::TUPLE, op::BINPERSID]);
        self.int(t.offset as i64);
        self.sizes(&t.shape);
        self.sizes(&t.strides);
        self.out.push(if t.requires_grad { op::NEWTRUE } else { op::NEWFALSE });
        self.empty_ordered();
        self.out.extend([op::TUPLE, op::REDUCE]);
        if t.parameter {
            self.out.push(if t.requires_grad { op::NEWTRUE } else { op::NEWFALSE });
            self.empty_ordered();
            self.out.extend([op::TUPLE, op::REDUCE]);
        }
        Ok(())
    }
}
