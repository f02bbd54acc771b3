/** `data`: data sets, samplers, loaders. */
export { type Collated, type CollateFn, defaultCollate, defaultConvert } from "./collate.js";
export { ConcatDataset, StackDataset, type Stacked } from "./combined-datasets.js";
export { DataLoader, type DataLoaderOptions, type IndexSource } from "./data-loader.js";
export { Dataset, type DatasetLike, type DatasetSource, type OpenedBatch, Subset, TensorDataset } from "./dataset.js";
export { ChainDataset, IterableDataset } from "./iterable-dataset.js";
export { type RandomSplitOptions, randomSplit } from "./random-split.js";
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from "./sampler.js";
export { getWorkerInfo, type WorkerInfo } from "./worker.js";
