/** `hub`: files from the net, kept in PyTorch's cache. */
export { type DownloadOptions, download } from "./download.js";
export { getDir, setDir } from "./folder.js";
export { type HuggingFaceOptions, huggingface } from "./huggingface.js";
export { type LoadFromUrlOptions, loadStateDictFromUrl } from "./load-state-dict-from-url.js";
export { setOffline } from "./request.js";
