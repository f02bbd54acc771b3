//! The native addon of candlewick: free functions over handles. Every function unwraps its arguments, calls the crates below,
//! and maps the error; nothing is computed here. The doc comments become those of index.d.ts.

mod activation;
mod autograd;
mod budget;
mod create;
mod drawing;
mod elementwise;
mod error;
mod files;
mod handle;
mod image;
mod image_batch;
mod indexing;
mod loss;
mod nn;
mod norm;
mod optim;
mod options;
mod order;
mod parameters;
mod products;
mod random;
mod read;
mod reduce;
mod reorder;
mod reply;
mod runtime;
mod scatter;
mod sequence;
mod spatial;
mod tasks;
mod view;
mod weak;

/// Large tensors come from a cache of huge pages, everything else from mimalloc.
#[global_allocator]
static ALLOCATOR: candlewick_kernels::memory::Allocator = candlewick_kernels::memory::Allocator;

/// Declares the experimental Node-API: finalizers then run inside the garbage collection itself, in minor ones too, and tensors
/// of a synchronous loop are freed without waiting for a turn of the event loop. No finalizer calls back into JavaScript.
#[unsafe(no_mangle)]
pub extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    i32::MAX
}
