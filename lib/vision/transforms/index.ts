/** `vision.transforms`: what is done to an image before a network sees it. A transform by itself is `t.forward(image)`. */
export {
  type AugmentOptions,
  AutoAugment,
  type AutoAugmentOptions,
  RandAugment,
  type RandAugmentOptions,
  TrivialAugmentWide,
  type TrivialAugmentWideOptions,
} from "./auto-augment.js";
export { AutoAugmentPolicy } from "./auto-augment-policies.js";
export type { Fill, PaddingMode } from "./changes/geometry.js";
export { ColorJitter, type ColorJitterOptions, GaussianBlur, type GaussianBlurOptions } from "./color-jitter.js";
export { Compose } from "./compose.js";
export { ConvertImageDtype, LinearTransformation, PILToTensor, ToPILImage, ToTensor } from "./convert.js";
export * as functional from "./functional/index.js";
export { InterpolationMode } from "./interpolation.js";
export { Lambda } from "./lambda.js";
export { Normalize, type NormalizeOptions } from "./normalize.js";
export { pythonRandom } from "./python-random.js";
export {
  type ProbabilityOptions,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomGrayscale,
  RandomHorizontalFlip,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
  RandomVerticalFlip,
} from "./random-change.js";
export {
  RandomCrop,
  type RandomCropOptions,
  RandomResizedCrop,
  type RandomResizedCropOptions,
} from "./random-crop.js";
export { RandomErasing, type RandomErasingOptions } from "./random-erasing.js";
export {
  RandomApply,
  type RandomApplyOptions,
  RandomChoice,
  type RandomChoiceOptions,
  RandomOrder,
} from "./random-lists.js";
export {
  RandomAffine,
  type RandomAffineOptions,
  RandomPerspective,
  type RandomPerspectiveOptions,
  RandomRotation,
  type RandomRotationOptions,
} from "./random-warp.js";
export { CenterCrop, FiveCrop, Grayscale, Pad, Resize, TenCrop, type TenCropOptions } from "./resize.js";
export { Transform, type TransformLike } from "./transform.js";
