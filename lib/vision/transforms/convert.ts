/** Images as tensors of other types. */
import { type Args, type From, leading, readArgs, required } from "../../args.js";
import { type DType, dtypeCode } from "../../dtype.js";
import { ArgumentError } from "../../errors.js";
import { PyFloat, pyList } from "../../repr.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { convertDtype, toTensor } from "./changes/convert.js";
import { pilToTensor, toPilImage } from "./functional/convert.js";
import type { Picture } from "./picture.js";
import { ImageTransform, Transform } from "./transform.js";

/** An image of bytes, uint8 [C, H, W], as floats from 0 to 1. Errors: an image of floats. */
export class ToTensor extends ImageTransform {
  override apply(picture: Picture): Picture {
    if (picture.kind === "floats") {
      throw new ArgumentError(
        `ToTensor: expected an image of bytes, uint8 [C, H, W], received torch.float32 [${picture.channels}, ${picture.height}, ${picture.width}]; it is a tensor of floats already`,
      );
    }
    return toTensor(picture);
  }
  override toString(): string {
    return "ToTensor()";
  }
}

/** An image of bytes as it is, uint8 [C, H, W]. */
export class PILToTensor extends Transform<Tensor, Tensor> {
  override forward(pic: Tensor): Tensor {
    return pilToTensor(pic);
  }
  override toString(): string {
    return "PILToTensor()";
  }
}

/** A tensor [C, H, W] or [H, W] as an image of bytes, uint8 [C, H, W]; floats from 0 to 1 become 0 to 255. */
export class ToPILImage extends Transform<Tensor, Tensor> {
  override forward(pic: Tensor): Tensor {
    return toPilImage(pic);
  }
  override toString(): string {
    return "ToPILImage()";
  }
}

/** An image of another type, and its range of values: floats from 0 to 1, integers from 0 to their largest. */
export class ConvertImageDtype extends Transform<Tensor, Tensor> {
  readonly dtype: DType;

  constructor(...args: From<"dtype", DType, [], { dtype: DType }>) {
    super();
    const [dtype] = leading("dtype", args);
    dtypeCode(dtype);
    this.dtype = dtype;
  }
  override forward(image: Tensor): Tensor {
    if (!isTensor(image)) throw new ArgumentError(`Input img should be Tensor Image. Got ${describe(image)}`);
    return convertDtype(image, this.dtype);
  }
  override toString(): string {
    return "ConvertImageDtype()";
  }
}

const LINEAR = ["transformationMatrix", "meanVector"] as const;

/** A flattened image, less a mean, times a square matrix: whitening. Matrix [D, D], mean [D], with D = C x H x W. */
export class LinearTransformation extends Transform<Tensor, Tensor> {
  readonly transformationMatrix: Tensor;
  readonly meanVector: Tensor;

  constructor(...args: Args<{ transformationMatrix: Tensor; meanVector: Tensor }, typeof LINEAR>) {
    super();
    const op = "LinearTransformation";
    const o = readArgs<{ transformationMatrix: Tensor; meanVector: Tensor }>(op, LINEAR, args);
    const transformationMatrix = required(op, o, "transformationMatrix");
    const meanVector = required(op, o, "meanVector");
    for (const [name, x] of Object.entries({ transformationMatrix, meanVector })) {
      if (!isTensor(x)) {
        throw new ArgumentError(`LinearTransformation: expected ${name} to be a tensor, received ${describe(x)}`);
      }
    }
    const [rows, columns] = transformationMatrix.shape;
    if (transformationMatrix.ndim !== 2 || rows !== columns) {
      throw new ArgumentError(
        `transformation_matrix should be square. Got [${transformationMatrix.shape.join(" x ")}] rectangular matrix.`,
      );
    }
    if (meanVector.ndim !== 1 || meanVector.size(0) !== rows) {
      throw new ArgumentError(
        `mean_vector should have the same length ${meanVector.size(0)} as any one of the dimensions of the transformation_matrix [${transformationMatrix.shape.join(" x ")}]`,
      );
    }
    this.transformationMatrix = transformationMatrix;
    this.meanVector = meanVector;
  }

  override forward(tensor: Tensor): Tensor {
    const n = tensor.shape.slice(-3).reduce((a, b) => a * b, 1);
    if (n !== this.meanVector.size(0)) {
      throw new ArgumentError(
        `Input tensor and transformation matrix have incompatible shape.[${tensor.shape.slice(-3).join(" x ")}] != ${this.meanVector.size(0)}`,
      );
    }
    const flat = tensor.reshape([-1, n]).sub(this.meanVector);
    return flat.mm(this.transformationMatrix).reshape(tensor.shape);
  }

  override toString(): string {
    const matrix = this.transformationMatrix.tolist() as number[][];
    const mean = this.meanVector.tolist() as number[];
    const rows = matrix.map((row) => pyList(row.map((v) => new PyFloat(v))));
    return `LinearTransformation(transformation_matrix=[${rows.join(", ")}], mean_vector=${pyList(mean.map((v) => new PyFloat(v)))})`;
  }
}
