/** Parameters as one vector and back. */
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { cat } from "../../ops/join.js";
import { reshape } from "../../ops/shape.js";
import { describe, isTensor, type TensorBase, tensorsOf } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** All elements of the parameters, one after another, as one vector; gradients flow back to them. */
export const parametersToVector = byName(
  "nn.utils.parametersToVector",
  (parameters: Iterable<TensorBase>): Tensor =>
    cat(
      tensorsOf("parametersToVector", "parameters", parameters).map((parameter) => reshape(parameter, -1)),
      0,
    ),
);

/** Lets the parameters take their values from slices of a vector. Errors: a vector that is no tensor, or too short. */
export const vectorToParameters = byName(
  "nn.utils.vectorToParameters",
  (vector: TensorBase, parameters: Iterable<Tensor>): void => {
    const op = "vectorToParameters";
    if (!isTensor(vector)) throw new ArgumentError(`expected torch.Tensor, but got: ${describe(vector)}`, { op });
    let start = 0;
    for (const parameter of tensorsOf(op, "parameters", parameters)) {
      const count = parameter.numel();
      parameter.data = vector.narrow(0, start, count).viewAs(parameter).data;
      start += count;
    }
  },
);
