//! Writing `.npy` and `.npz`.

use super::MAGIC;
use crate::archive_writer::write_archive;
use crate::error::{Result, unsupported};
use crate::save::Named;
use candlewick_tensor::DType;
use std::io::{Seek, Write};

/// Elements begin at a multiple of this many bytes of the array's file.
const ALIGNMENT: usize = 64;

/// Writes a `.npy`.
pub(crate) fn save_one(out: &mut impl Write, t: &Named) -> Result<()> {
    out.write_all(&header(t.dtype, t.shape)?)?;
    Ok(out.write_all(t.bytes)?)
}

/// Writes a `.npz`.
pub(crate) fn save(out: &mut (impl Write + Seek), tensors: &[Named], compress: bool) -> Result<()> {
    write_archive(out, compress, |archive| {
        tensors
            .iter()
            .try_for_each(|t| archive.member(&format!("{}.npy", t.name), &[&header(t.dtype, t.shape)?, t.bytes]))
    })
}

fn header(dtype: DType, shape: &[usize]) -> Result<Vec<u8>> {
    let order = if cfg!(target_endian = "little") { '<' } else { '>' };
    let descr = match dtype {
        DType::F32 => format!("{order}f4"),
        DType::F64 => format!("{order}f8"),
        DType::F16 => format!("{order}f2"),
        DType::I64 => format!("{order}i8"),
        DType::I32 => format!("{order}i4"),
        DType::I16 => format!("{order}i2"),
        DType::I8 => "|i1".into(),
        DType::U8 => "|u1".into(),
        DType::Bool => "|b1".into(),
        other => {
            return unsupported(format!(
                "NumPy has no type for {}: save it as float32, x.to(\"float32\")",
                other.name()
            ));
        }
    };
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let tuple = if sizes.len() == 1 { format!("({},)", sizes[0]) } else { format!("({})", sizes.join(", ")) };
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple}, }}");
    let end = (10 + text.len() + 1).next_multiple_of(ALIGNMENT);
    while text.len() + 11 < end {
        text.push(' ');
    }
    text.push('\n');
    let mut bytes = [MAGIC, &[1, 0], &(text.len() as u16).to_le_bytes()].concat();
    bytes.extend(text.into_bytes());
    Ok(bytes)
}
