/** `utils`: checkpoints. */
export * as checkpoint from "./checkpoint.js";
