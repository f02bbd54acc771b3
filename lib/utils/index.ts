/** `utils`: data loading under PyTorch's name, checkpoints. */
export * as data from "../data/index.js";
export * as checkpoint from "./checkpoint.js";
