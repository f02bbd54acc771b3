/** `vision.transforms`: what is done to an image before a network sees it. A transform by itself is `t.forward(image)`. */
export { Compose } from "./compose.js";
export * as functional from "./functional.js";
export { Lambda } from "./lambda.js";
export { Normalize, type NormalizeOptions } from "./normalize.js";
export { Transform, type TransformLike } from "./transform.js";
