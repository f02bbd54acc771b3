/**
 * `plot`: pictures without a browser, in matplotlib's and seaborn's words.
 *
 * ```ts
 * await plot.curves({ train: losses, val: valLosses }, { xlabel: "epoch" }).save("loss.png");
 * ```
 */
export { Axes } from "./axes.js";
export {
  type BarsOptions,
  bars,
  type HistogramOptions,
  histogram,
  type ScatterFigureOptions,
  scatter,
} from "./charts.js";
export type { Color } from "./color.js";
export { type ColormapName, colormaps } from "./colormap.js";
export {
  type ConfusionMatrixOptions,
  type CorrelationOptions,
  confusionMatrix,
  correlation,
} from "./confusion-matrix.js";
export { type Curve, type CurvesOptions, curves, lrSchedule, type ScheduleOptions } from "./curves.js";
export { featureMaps, filters, imshow, type MapsOptions, type OverlayOptions, overlay, type ShowImageOptions } from "./feature-maps.js"; // biome-ignore format: one line
export { Figure, type FigureOptions, figure, subplots } from "./figure.js";
export { type FontOptions, setFonts } from "./fonts.js";
export type { NumberFormat } from "./format.js";
export { type HeatmapOptions, heatmap } from "./heatmap.js";
export { type ImageGridOptions, imageGrid } from "./image-grid.js";
export type { BarOptions, HistOptions, ImshowOptions, LineOptions, ScatterOptions, TextOptions } from "./options.js";
export { type PredictionsOptions, predictions } from "./predictions.js";
export type { SaveOptions } from "./save.js";
export type { FigureSpec } from "./spec.js";
