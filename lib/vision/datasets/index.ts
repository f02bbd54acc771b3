/** `vision.datasets`. */
export type { DownloadOptions } from "./files.js";
export {
  FashionMNIST,
  FashionMNISTSample,
  type ImageSample,
  MNIST,
  type MNISTOptions,
  MNISTSample,
} from "./mnist.js";
