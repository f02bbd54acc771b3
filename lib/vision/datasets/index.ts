/** `vision.datasets`. */
export { CIFAR10, CIFAR100, type CIFAROptions } from "./cifar.js";
export { EMNIST, type EMNISTSplit } from "./emnist.js";
export { FakeData, type FakeDataOptions } from "./fake-data.js";
export type { DownloadOptions } from "./files.js";
export {
  DatasetFolder,
  type DatasetFolderOptions,
  findClasses,
  IMG_EXTENSIONS,
  ImageFolder,
  type ImageFolderOptions,
  type Loader,
} from "./folder.js";
export type { ImageSample } from "./image-array.js";
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions } from "./mnist.js";
export { FashionMNISTSample, MNISTSample } from "./samples.js";
export { VisionDataset, type VisionDatasetOptions } from "./vision-dataset.js";
