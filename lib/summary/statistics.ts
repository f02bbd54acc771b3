/** What a summary found, and its printed form. */
import { inspect } from "node:util";
import type { LayerInfo } from "./layer.js";

/** The layers of a model and their sums. It prints as torchinfo's table. */
export class ModelStatistics {
  /** The calls of modules, in their order; the model first. */
  readonly layers: readonly LayerInfo[];
  /** Parameters, each counted once. */
  readonly totalParams: number;
  /** Parameters that require a gradient. */
  readonly trainableParams: number;
  /** Multiply-adds of all calls. */
  readonly totalMultAdds: number;
  /** Bytes of the input. */
  readonly inputBytes: number;
  /** Bytes of the outputs of layers with parameters, and of their gradients. */
  readonly outputBytes: number;
  /** Bytes of the parameters. */
  readonly paramBytes: number;
  readonly #depth: number;

  constructor(model: LayerInfo, inputBytes: number, paramBytes: number, depth: number) {
    this.layers = flat(model);
    this.totalParams = model.params;
    this.trainableParams = model.trainableParams;
    this.totalMultAdds = this.layers.reduce((n, layer) => n + layer.multAdds, 0);
    this.inputBytes = inputBytes;
    this.paramBytes = paramBytes;
    const leaves = this.layers.filter((layer) => layer.children.length === 0 && layer.params > 0);
    this.outputBytes = 2 * leaves.reduce((n, layer) => n + layer.outputBytes, 0);
    this.#depth = depth;
  }

  /** The table. */
  toString(): string {
    const shown = this.layers.filter((layer) => layer.depth <= this.#depth);
    const rows = shown.map((layer) => [title(layer), ...this.#cells(layer)]);
    const width = Math.max(40, ...rows.map(([name = ""]) => name.length + 1));
    const line = (cells: readonly string[]) =>
      cells
        .map((c, i) => c.padEnd(i === 0 ? width : 25))
        .join(" ")
        .trimEnd();
    const rule = "=".repeat(width + 3 * 25);
    const [unit, scale] = this.totalMultAdds >= 1e12 ? ["T", 1e12] : this.totalMultAdds >= 1e9 ? ["G", 1e9] : ["M", 1e6]; // biome-ignore format: one line
    const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
    return [
      rule,
      line(["Layer (type:depth-idx)", "Output Shape", "Param #", "Mult-Adds"]),
      rule,
      ...rows.map(line),
      rule,
      `Total params: ${grouped(this.totalParams)}`,
      `Trainable params: ${grouped(this.trainableParams)}`,
      `Non-trainable params: ${grouped(this.totalParams - this.trainableParams)}`,
      `Total mult-adds (${unit}): ${(this.totalMultAdds / scale).toFixed(2)}`,
      rule,
      `Input size (MB): ${mb(this.inputBytes)}`,
      `Forward/backward pass size (MB): ${mb(this.outputBytes)}`,
      `Params size (MB): ${mb(this.paramBytes)}`,
      `Estimated Total Size (MB): ${mb(this.inputBytes + this.outputBytes + this.paramBytes)}`,
      rule,
    ].join("\n");
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** The columns of a layer: where its children are not shown, what they have is its own. */
  #cells(layer: LayerInfo): string[] {
    const whole = layer.depth === this.#depth || layer.children.length === 0;
    const params = whole ? layer.params : layer.ownParams;
    const multAdds = whole ? flat(layer).reduce((n, { multAdds }) => n + multAdds, 0) : layer.multAdds;
    return [
      layer.outputShape.length === 0 ? "--" : `[${layer.outputShape.join(", ")}]`,
      layer.recursive && layer.params > 0 ? "(recursive)" : grouped(params),
      grouped(multAdds),
    ].map((cell) => (cell === "0" ? "--" : cell));
  }
}

/** A layer and those below it, in the order of their calls. */
function flat(layer: LayerInfo): LayerInfo[] {
  return [layer, ...layer.children.flatMap(flat)];
}

function title({ type, depth, index }: LayerInfo): string {
  return depth === 0 ? type : `${"│    ".repeat(depth - 1)}${depth === 1 ? "├─" : "└─"}${type}: ${depth}-${index}`;
}

function grouped(n: number): string {
  return n.toLocaleString("en-US");
}
