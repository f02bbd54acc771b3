//! Gradients, modes and hooks.

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, tensors};
use candlewick_tensor::{Error, Tensor, autograd as tape, ops};
use napi::bindgen_prelude::{FnArgs, Function};
use napi::{Env, JsError};
use napi_derive::napi;
use std::cell::RefCell;

/// Whether operations record.
#[napi(catch_unwind)]
pub fn is_grad_enabled() -> Result<bool> {
    Ok(tape::is_grad_enabled())
}
/// Turns recording on or off; gives what it was.
#[napi(catch_unwind)]
pub fn set_grad_enabled(on: bool) -> Result<bool> {
    Ok(tape::set_grad_enabled(on))
}
/// Whether inference mode is on.
#[napi(catch_unwind)]
pub fn is_inference_mode() -> Result<bool> {
    Ok(tape::is_inference())
}
/// Turns inference mode on or off; gives what it was.
#[napi(catch_unwind)]
pub fn set_inference_mode(on: bool) -> Result<bool> {
    Ok(tape::set_inference(on))
}
/// Whether gradients flow to x.
#[napi(catch_unwind)]
pub fn requires_grad(x: TensorHandle) -> Result<bool> {
    Ok(x.requires_grad())
}
/// Asks for the gradient of a leaf, or no longer.
#[napi(catch_unwind)]
pub fn set_requires_grad(x: TensorHandle, on: bool) -> Result<()> {
    coded(x.set_requires_grad(on))
}
/// Whether no recorded operation made x.
#[napi(catch_unwind)]
pub fn is_leaf(x: TensorHandle) -> Result<bool> {
    Ok(x.is_leaf())
}
/// Keeps the gradient of a non-leaf.
#[napi(catch_unwind)]
pub fn retain_grad(x: TensorHandle) -> Result<()> {
    coded(x.retain_grad())
}
/// Whether a non-leaf keeps its gradient.
#[napi(catch_unwind)]
pub fn retains_grad(x: TensorHandle) -> Result<bool> {
    Ok(x.retains_grad())
}
/// The id of the gradient, 0 if there is none.
#[napi(catch_unwind)]
pub fn grad_id(x: TensorHandle) -> Result<f64> {
    Ok(x.grad().map_or(0.0, |g| g.id() as f64))
}
/// The gradient.
#[napi(catch_unwind)]
pub fn grad(x: TensorHandle) -> Result<Option<TensorHandle>> {
    Ok(x.grad().map(Into::into))
}
/// Replaces the gradient.
#[napi(catch_unwind)]
pub fn set_grad(x: TensorHandle, g: Option<TensorHandle>) -> Result<()> {
    coded(x.set_grad(g.map(|g| (*g).clone())))
}
/// The name of the node that made x.
#[napi(catch_unwind)]
pub fn grad_fn(x: TensorHandle) -> Result<Option<String>> {
    Ok(x.grad_fn())
}
/// The names of the nodes before it.
#[napi(catch_unwind)]
pub fn next_functions(x: TensorHandle) -> Result<Vec<String>> {
    Ok(x.next_functions())
}
/// How often x's storage was written in place.
#[napi(catch_unwind)]
pub fn version(x: TensorHandle) -> Result<u32> {
    Ok(x.version())
}
/// Registers a hook by its number.
#[napi(catch_unwind)]
pub fn register_hook(x: TensorHandle, hook: f64) -> Result<()> {
    coded(x.register_hook(hook as u64))
}
/// Forgets a hook.
#[napi(catch_unwind)]
pub fn remove_hook(x: TensorHandle, hook: f64) -> Result<()> {
    x.remove_hook(hook as u64);
    Ok(())
}
/// The identity of all xs in one node that calls `hook` with all their gradients.
#[napi(catch_unwind)]
pub fn hook_barrier(xs: Vec<TensorHandle>, hook: f64) -> Result<Vec<TensorHandle>> {
    coded(ops::hook_barrier(&tensors(xs), hook as u64).map(|ys| ys.into_iter().map(Into::into).collect()))
}
/// What the forward function of an operation of JavaScript's left.
#[napi(object)]
pub struct CustomOptions {
    /// The name of its node.
    pub name: String,
    /// Which outputs have a gradient.
    pub differentiable: Vec<bool>,
    /// Which outputs are inputs that were written in place.
    pub dirty: Vec<bool>,
    /// Whether backward gets zeros in the place of absent gradients.
    pub materialize: bool,
}

/// Records an operation whose gradient is the hook: it gets the outputs' gradients, then the saved tensors, and gives one
/// gradient for each input. Gives the recorded outputs.
#[napi(catch_unwind)]
pub fn custom_function(
    inputs: Vec<TensorHandle>,
    outputs: Vec<TensorHandle>,
    saved: Vec<TensorHandle>,
    hook: f64,
    o: CustomOptions,
) -> Result<Vec<TensorHandle>> {
    let (inputs, outputs, saved) = (tensors(inputs), tensors(outputs), tensors(saved));
    let made = tape::custom_function(&tape::Custom {
        name: &o.name,
        id: hook as u64,
        inputs: &inputs,
        outputs: &outputs,
        differentiable: &o.differentiable,
        dirty: &o.dirty,
        saved: &saved,
        materialize: o.materialize,
    });
    coded(made.map(|ys| ys.into_iter().map(Into::into).collect()))
}
/// From here on saved tensors belong to the checkpoint of a hook.
#[napi(catch_unwind)]
pub fn begin_packing(hook: f64) -> Result<()> {
    tape::begin_packing(hook as u64);
    Ok(())
}
/// From here on saved tensors are collected.
#[napi(catch_unwind)]
pub fn begin_collecting() -> Result<()> {
    tape::begin_collecting();
    Ok(())
}
/// Ends the innermost of the two; gives what was collected.
#[napi(catch_unwind)]
pub fn end_packing() -> Result<Vec<TensorHandle>> {
    Ok(tape::end_packing().into_iter().map(Into::into).collect())
}
/// Turns anomaly detection on or off.
#[napi(catch_unwind)]
pub fn set_detect_anomaly(on: bool, check_nan: bool) -> Result<()> {
    tape::set_detect_anomaly(on, check_nan);
    Ok(())
}
/// Whether anomaly detection is on, and whether it looks for NaN.
#[napi(catch_unwind)]
pub fn detects_anomaly() -> Result<Vec<bool>> {
    let (on, check_nan) = tape::detects_anomaly();
    Ok(vec![on, check_nan])
}
/// The stack of the call that is about to record nodes.
#[napi(catch_unwind)]
pub fn set_forward_trace(stack: String) -> Result<()> {
    tape::set_forward_trace(&stack);
    Ok(())
}
/// The hooks in the graph behind x.
#[napi(catch_unwind)]
pub fn hooks_behind(x: TensorHandle) -> Result<Vec<f64>> {
    Ok(x.hooks_behind().into_iter().map(|id| id as f64).collect())
}

type Grads = Vec<Option<TensorHandle>>;
type Dispatch<'a> = Function<'a, FnArgs<(f64, Grads)>, Option<Grads>>;

/// Runs a backward pass with JavaScript's hooks. What a hook throws is thrown on, the same object.
fn with_hooks<R: Default>(
    env: &Env,
    dispatch: &Dispatch,
    run: impl FnOnce(&tape::HookDispatch) -> candlewick_tensor::Result<R>,
) -> Result<R> {
    let thrown = RefCell::new(None);
    let call = |id: u64, grads: &[Option<Tensor>]| {
        let grads: Grads = grads.iter().map(|g| g.clone().map(Into::into)).collect();
        match dispatch.call(FnArgs::from((id as f64, grads))) {
            Ok(answer) => Ok(answer.map(|list| list.into_iter().map(|g| g.map(|g| (*g).clone())).collect())),
            Err(e) => {
                *thrown.borrow_mut() = Some(e);
                Err(Error::Internal("a hook threw".into()))
            }
        }
    };
    let result = run(&call);
    if let Some(e) = thrown.take() {
        // SAFETY: env is the one of this call; the exception is pending when the function returns to JavaScript.
        unsafe { JsError::from(e).throw_into(env.raw()) };
        return Ok(R::default());
    }
    coded(result)
}

fn gradients(grads: Grads, roots: usize) -> Result<Vec<Option<Tensor>>> {
    if grads.len() != roots {
        return argument(format!("got {roots} tensors and {} gradients", grads.len()));
    }
    Ok(grads.into_iter().map(|g| g.map(|g| (*g).clone())).collect())
}

/// Accumulates the gradients of `roots` into the leaves, or only into `inputs`.
#[napi(
    catch_unwind,
    ts_args_type = "roots: Array<TensorHandle>, grads: Array<TensorHandle | undefined | null>, retainGraph: boolean, createGraph: boolean, inputs: Array<TensorHandle> | undefined | null, dispatch: HookDispatch"
)]
pub fn backward(
    env: Env,
    roots: Vec<TensorHandle>,
    grads: Grads,
    retain_graph: bool,
    create_graph: bool,
    inputs: Option<Vec<TensorHandle>>,
    dispatch: Dispatch,
) -> Result<()> {
    let (roots, inputs) = (tensors(roots), inputs.map(tensors));
    let grads = gradients(grads, roots.len())?;
    with_hooks(&env, &dispatch, |call| {
        tape::backward(&roots, &grads, retain_graph, create_graph, inputs.as_deref(), call)
    })
}

/// The gradients of `outputs` with respect to `inputs`.
#[napi(
    catch_unwind,
    ts_args_type = "outputs: Array<TensorHandle>, inputs: Array<TensorHandle>, grads: Array<TensorHandle | undefined | null>, retainGraph: boolean, createGraph: boolean, allowUnused: boolean, dispatch: HookDispatch",
    ts_return_type = "Array<TensorHandle | null>"
)]
pub fn autograd_grad(
    env: Env,
    outputs: Vec<TensorHandle>,
    inputs: Vec<TensorHandle>,
    grads: Grads,
    retain_graph: bool,
    create_graph: bool,
    allow_unused: bool,
    dispatch: Dispatch,
) -> Result<Grads> {
    let (outputs, inputs) = (tensors(outputs), tensors(inputs));
    let grads = gradients(grads, outputs.len())?;
    let found = with_hooks(&env, &dispatch, |call| {
        tape::grad(&outputs, &inputs, &grads, retain_graph, create_graph, allow_unused, call)
    })?;
    Ok(found.into_iter().map(|g| g.map(Into::into)).collect())
}
