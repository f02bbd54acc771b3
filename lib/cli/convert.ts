/** `candlewick convert`: a file of weights in another format. */
import { statSync } from "node:fs";
import { extname } from "node:path";
import { isDType } from "../dtype.js";
import { decode } from "../serialization/decode.js";
import { openFile } from "../serialization/files.js";
import * as numpy from "../serialization/numpy.js";
import * as safetensors from "../serialization/safetensors.js";
import { save } from "../serialization/save.js";
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { type Command, UsageError } from "./command.js";
import { bytes, counted } from "./table.js";

type Writer = (tensors: Record<string, Tensor>, path: string) => Promise<unknown>;

const torch: Writer = (tensors, path) => save(tensors, path);
const WRITERS: Readonly<Record<string, Writer>> = {
  ".pth": torch,
  ".pt": torch,
  ".safetensors": (tensors, path) => safetensors.save(tensors, path),
  ".npz": (tensors, path) => numpy.save(tensors, path),
};

/** Where safetensors keep what a state dict of PyTorch says of its modules' versions. */
const VERSIONS = "torch._metadata";

export const convert: Command = {
  name: "convert",
  summary: "write a file of weights in another format: .pth, .safetensors, .npz",
  options: { key: { type: "string" }, dtype: { type: "string" } },
  help: `
Usage: candlewick convert FROM TO [--key KEY] [--dtype DTYPE]

Reads tensors by name from a .pth, .pt, .safetensors, .safetensors.index.json, .npz or .pkl, whose format is found by its contents,
and writes them in the format that the name of TO ends with: .pth or .pt, .safetensors, .npz. TO appears whole or not at all.
Metadata of safetensors and the versions in a state dict's _metadata are kept as far as the format has a place for them.

  --key KEY      of a checkpoint, the part that has the tensors: candlewick convert run.pth model.safetensors --key model
  --dtype DTYPE  convert floating-point tensors: float32, float64, float16, bfloat16 (which .npz cannot hold)

Exit code: 0; 1 where a file cannot be read or written, 2 for wrong arguments.

Example:
  candlewick convert resnet18.pth resnet18.safetensors`,

  async run(files, { key, dtype }) {
    const [from, to, ...more] = files;
    if (from === undefined || to === undefined || more.length > 0)
      throw new UsageError("expected two files, FROM and TO");
    const write = WRITERS[extname(to)];
    if (write === undefined) {
      throw new UsageError(`${to}: expected a name that ends with ${Object.keys(WRITERS).join(", ")}`);
    }
    if (dtype !== undefined && !isDType(dtype)) throw new UsageError(`there is no dtype ${String(dtype)}`);
    const tensors = named(await read(from), from, key as string | undefined);
    for (const [name, x] of Object.entries(tensors)) {
      if (dtype !== undefined && x.isFloatingPoint()) tensors[name] = x.to(dtype as "float32");
    }
    await write(carried(tensors, extname(to)), to);
    return `${to}: ${counted(Object.keys(tensors).length, "tensor")}, ${bytes(statSync(to).size)}\n`;
  },
};

async function read(from: string): Promise<unknown> {
  if (from.endsWith(".json")) return safetensors.load(from);
  return decode(await openFile("convert", from, "any", { lazy: true }), "lazy");
}

/** Tensors by name, in an object of their own with the attributes of the old one. Errors: what holds none, or others too. */
function named(root: unknown, from: string, key: string | undefined): Record<string, Tensor> {
  const part =
    key === undefined ? root : typeof root === "object" && root !== null ? Reflect.get(root, key) : undefined;
  if (part === undefined) throw new UsageError(`${from}: there is no ${key}; ${keysOf(root)}`);
  if (typeof part !== "object" || part === null || isTensor(part) || Array.isArray(part) || part instanceof Map) {
    throw new Error(`${from}: expected tensors by name`);
  }
  const wrong = Object.entries(part).find(([, value]) => !isTensor(value));
  if (wrong !== undefined) {
    throw new UsageError(
      `${from}: ${wrong[0]} is no tensor: --key KEY names the part of a checkpoint that has them; ${keysOf(root)}`,
    );
  }
  const copy: Record<string, Tensor> = Object.create(null);
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(part));
}

function keysOf(root: unknown): string {
  const keys = typeof root === "object" && root !== null ? Object.keys(root) : [];
  return `its keys are ${keys.slice(0, 8).join(", ")}${keys.length > 8 ? ", ..." : ""}`;
}

/** Carries a state dict's versions through safetensors, which have only strings. */
function carried(tensors: Record<string, Tensor>, ending: string): Record<string, Tensor> {
  const hidden = (name: string): unknown => {
    const property = Object.getOwnPropertyDescriptor(tensors, name);
    return property?.enumerable === false ? property.value : undefined;
  };
  const [versions, texts] = [hidden("_metadata"), hidden("__metadata__") as Record<string, string> | undefined];
  const attach = (name: string, value: unknown) => Object.defineProperty(tensors, name, { value, configurable: true });
  if (ending === ".safetensors" && versions !== undefined) {
    attach("__metadata__", { ...texts, [VERSIONS]: JSON.stringify(versions) });
  }
  if ((ending === ".pth" || ending === ".pt") && texts?.[VERSIONS] !== undefined) {
    attach("_metadata", JSON.parse(texts[VERSIONS]));
  }
  return tensors;
}
