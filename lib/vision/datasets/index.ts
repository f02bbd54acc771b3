/** `vision.datasets`. */
export {
  FashionMNIST,
  FashionMNISTSample,
  type ImageSample,
  MNIST,
  type MNISTOptions,
  MNISTSample,
} from "./mnist.js";
