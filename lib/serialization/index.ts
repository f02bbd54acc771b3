/** Files of values and tensors. */
export { PickleRecord } from "./decode.js";
export { type FileSource, type LoadOptions, load, loadSync } from "./load.js";
export { type SaveOptions, save, saveSync } from "./save.js";
