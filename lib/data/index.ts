/** `data`: data sets, samplers, loaders. */
export { type Collated, type CollateFn, defaultCollate, defaultConvert } from "./collate.js";
export { DataLoader, type DataLoaderOptions, type IndexSource } from "./data-loader.js";
export {
  ConcatDataset,
  Dataset,
  type DatasetLike,
  type DatasetSource,
  randomSplit,
  Subset,
  TensorDataset,
} from "./dataset.js";
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
} from "./sampler.js";
