//! Where a tensor's bytes are.

use crate::{Error, Result};

/// The CPU, or a CUDA device in builds with the `cuda` feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Main memory.
    Cpu,
    /// A CUDA device by its ordinal.
    Cuda(usize),
}

impl Device {
    /// Reads `cpu`, `cuda` or `cuda:N`.
    pub fn parse(text: &str) -> Result<Device> {
        match text.split_once(':') {
            None if text == "cpu" => Ok(Device::Cpu),
            None if text == "cuda" => Self::cuda(0),
            Some(("cpu", "0")) => Ok(Device::Cpu),
            Some(("cuda", n)) if n.parse::<usize>().is_ok() => Self::cuda(n.parse().unwrap_or(0)),
            _ => Err(Error::Device(format!("Invalid device string: '{text}'"))),
        }
    }

    fn cuda(ordinal: usize) -> Result<Device> {
        if cuda_is_available() {
            return Ok(Device::Cuda(ordinal));
        }
        Err(Error::Device(
            "Torch not compiled with CUDA enabled: this build of candlewick has the CPU only, or no device was found"
                .into(),
        ))
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Device::Cpu => f.write_str("cpu"),
            Device::Cuda(n) => write!(f, "cuda:{n}"),
        }
    }
}

/// Whether this build has CUDA and finds a device.
pub fn cuda_is_available() -> bool {
    cfg!(feature = "cuda") && candle_core::Device::new_cuda(0).is_ok()
}
