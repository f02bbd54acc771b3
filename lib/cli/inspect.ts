/** `candlewick inspect`: what a file of weights holds. */
import { statSync } from "node:fs";
import { inspect as show } from "node:util";
import { contentsOf, type FileContents, type TensorEntry } from "../serialization/contents.js";
import { PickleRecord } from "../serialization/decode.js";
import { type Command, PartialFailure, UsageError } from "./command.js";
import { bytes, counted, table } from "./table.js";

const FORMATS = {
  torch: "PyTorch",
  pickle: "pickle",
  safetensors: "safetensors",
  numpy: "NumPy",
  idx: "IDX",
} as const;

export const inspect: Command = {
  name: "inspect",
  summary: "print the tensors of a file of weights, their shapes, types, sizes, and the other values",
  options: { json: { type: "boolean", default: false } },
  help: `
Usage: candlewick inspect FILE... [--json]

Prints what a file holds without reading its tensors: .pth and .pt of torch.save (also of before 1.6), .safetensors and the index of
one in parts (.safetensors.index.json), .npz, .npy, .pkl, IDX. The format is found by the contents, not by the name.
Classes that are no data are shown as records; nothing of a file is run.

  --json    print JSON: format, tensors (path, shape, dtype, bytes, location, shared), values, metadata

Exit code: 0; 1 where a file cannot be read, 2 for wrong arguments.

Examples:
  candlewick inspect resnet18.pth
  candlewick inspect model.safetensors --json`,

  async run(files, { json }) {
    if (files.length === 0) throw new UsageError("expected a file");
    const found: [string, FileContents][] = [];
    const failures: string[] = [];
    for (const file of files) {
      try {
        found.push([file, await contentsOf("inspect", file)]);
      } catch (error) {
        failures.push(error instanceof Error ? error.message.replace(/^inspect: /, "") : String(error));
      }
    }
    const list = found.map(([file, contents]) => ({ file, ...asJson(contents) }));
    const text = found.map(([file, contents]) => asText(file, contents)).join("\n");
    const out = json === true ? `${JSON.stringify(files.length === 1 ? list[0] : list, null, 2)}\n` : text;
    if (failures.length === 0) return out;
    throw new PartialFailure(failures.join("\n"), found.length === 0 ? "" : out);
  },
};

/** More values are counted. */
const MOST_VALUES = 200;

function asText(file: string, { format, tensors, values, metadata }: FileContents): string {
  const lines = [`${file}: ${FORMATS[format]}, ${bytes(statSync(file).size)}`, ""];
  if (tensors.length > 0) {
    const first = firstOfStorage(tensors);
    const rows = tensors.map((t) => [
      t.path === "" ? "(the tensor)" : t.path,
      `[${t.shape.join(", ")}]`,
      t.dtype,
      bytes(t.bytes),
      [...notes(t), ...(first.get(t.storage) === t ? [] : [`shares ${first.get(t.storage)?.path}`])].join(", "),
    ]);
    lines.push(...table([["name", "shape", "dtype", "size"], ...rows], [3]), "");
  }
  if (values.length > 0) {
    const rows = values.slice(0, MOST_VALUES).map(([path, value]) => [path, brief(value)]);
    lines.push(...table([["value", ""], ...rows]));
    if (values.length > MOST_VALUES) lines.push(`... and ${counted(values.length - MOST_VALUES, "value")} more`);
    lines.push("");
  }
  if (metadata !== undefined) lines.push(...table([["metadata", ""], ...Object.entries(metadata).map(([k, v]) => [k, brief(v)])]), ""); // biome-ignore format: one line
  const elements = tensors.reduce((n, t) => n + t.shape.reduce((m, d) => m * d, 1), 0);
  const size = tensors.reduce((n, t) => n + t.bytes, 0);
  lines.push(`${counted(tensors.length, "tensor")}, ${counted(elements, "element")}, ${bytes(size)}`);
  return `${lines.join("\n")}\n`;
}

/** Tensors that share a storage have the first of them. */
function firstOfStorage(tensors: readonly TensorEntry[]): Map<number, TensorEntry> {
  return new Map(tensors.toReversed().map((t) => [t.storage, t]));
}

function notes({ parameter, requiresGrad, location }: TensorEntry): string[] {
  const kind = parameter ? "Parameter" : "";
  const frozen = parameter && !requiresGrad ? "frozen" : "";
  return [kind, frozen, location === "cpu" ? "" : location].filter((note) => note !== "");
}

function brief(value: unknown): string {
  if (value instanceof PickleRecord) return `(${value.class}, which is not read)`;
  return show(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 4, maxStringLength: 72 });
}

function asJson({ format, tensors, values, metadata }: FileContents): object {
  const first = firstOfStorage(tensors);
  return {
    format,
    tensors: tensors.map((t) => {
      const shared = first.get(t.storage);
      return {
        ...{ path: t.path, shape: t.shape, dtype: t.dtype, bytes: t.bytes, location: t.location },
        ...(shared === t ? {} : { shared: shared?.path }),
      };
    }),
    values: Object.fromEntries(values.map(([path, value]) => [path, jsonable(value)])),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Numbers, strings, flags and null as they are, all else as text. */
function jsonable(value: unknown): unknown {
  const plain = value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  return plain ? value : brief(value);
}
