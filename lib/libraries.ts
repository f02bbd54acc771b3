/** The libraries behind drawings. They load when a figure is first drawn, so that `import "candlewick"` does not wait for them. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Colours by their CSS names and in all CSS notations. */
export const d3Color = () => require("d3-color") as typeof import("d3-color");
/** Scales and their ticks. */
export const d3Scale = () => require("d3-scale") as typeof import("d3-scale");
