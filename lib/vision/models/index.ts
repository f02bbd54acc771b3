/** `vision.models`: torchvision's classifiers and their weights. */
export * from "./alexnet.js";
export {
  type Builder,
  getModel,
  getModelBuilder,
  getModelWeights,
  getWeight,
  listModels,
  type ModelName,
  type WithWeights,
} from "./builder.js";
export * from "./convnext.js";
export * from "./densenet.js";
export {
  EfficientNet,
  type EfficientNetOptions,
  efficientnet_b0,
  efficientnet_b1,
  efficientnet_b2,
  efficientnet_b3,
  efficientnet_b4,
  efficientnet_b5,
  efficientnet_b6,
  efficientnet_b7,
  efficientnet_v2_l,
  efficientnet_v2_m,
  efficientnet_v2_s,
} from "./efficientnet.js";
export {
  createFeatureExtractor,
  FeatureExtractor,
  getGraphNodeNames,
  type ReturnNodes,
} from "./feature-extraction.js";
export * from "./googlenet.js";
export * from "./inception.js";
export * from "./maxvit.js";
export * from "./mnasnet.js";
export { MobileNetV2, type MobileNetV2Options, mobilenet_v2 } from "./mobilenet-v2.js";
export * from "./mobilenet-v3.js";
export { NamedOutput } from "./named-output.js";
export * from "./regnet.js";
export * from "./resnet.js";
export * from "./shufflenet-v2.js";
export * from "./squeezenet.js";
export * from "./swin.js";
export * from "./vgg.js";
export * from "./vit.js";
export * from "./weights/alexnet.js";
export * from "./weights/convnext.js";
export * from "./weights/densenet.js";
export * from "./weights/efficientnet.js";
export * from "./weights/googlenet.js";
export * from "./weights/inception.js";
export * from "./weights/maxvit.js";
export * from "./weights/mnasnet.js";
export * from "./weights/mobilenet-v2.js";
export * from "./weights/mobilenet-v3.js";
export * from "./weights/regnet.js";
export * from "./weights/resnet.js";
export * from "./weights/shufflenet-v2.js";
export * from "./weights/squeezenet.js";
export * from "./weights/swin.js";
export * from "./weights/vgg.js";
export * from "./weights/vit.js";
export { Weights, type WeightsMeta, type WeightsSet } from "./weights.js";
