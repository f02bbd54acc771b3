/** Files of values and tensors. */
export { PickleRecord } from "./decode.js";
export type { FileSource } from "./files.js";
export { type LoadOptions, load, loadSync } from "./load.js";
export * as numpy from "./numpy.js";
export * as pickle from "./pickle.js";
export * as safetensors from "./safetensors.js";
export { type SaveOptions, save, saveSync } from "./save.js";
