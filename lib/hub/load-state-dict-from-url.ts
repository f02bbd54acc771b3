/** Weights from an address. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { type RequiredArgs, readArgs } from "../args.js";
import { ArgumentError, IOError } from "../errors.js";
import type { StateDict } from "../nn/state-dict.js";
import { pathOf } from "../serialization/files.js";
import { type LoadOptions, load } from "../serialization/load.js";
import * as safetensors from "../serialization/safetensors.js";
import { describe } from "../tensor/base.js";
import { download, hashFile } from "./download.js";
import { getDir } from "./folder.js";

/** Options of {@link loadStateDictFromUrl}. */
export interface LoadFromUrlOptions {
  /** The folder to keep the file in. Default: `checkpoints` in the hub's. */
  modelDir?: string | null;
  /** Where tensors go, as in `torch.load`. */
  mapLocation?: LoadOptions["mapLocation"];
  /** Whether a bar is shown. Default true. */
  progress?: boolean;
  /** Whether a file that is there already is verified too. Default false. */
  checkHash?: boolean;
  /** The name of the file. Default: that of the address. */
  fileName?: string | null;
  /** Accepted for PyTorch's sake: nothing of a file ever runs here. */
  weightsOnly?: boolean;
}
const NAMES = ["url", "modelDir", "mapLocation", "progress", "checkHash", "fileName", "weightsOnly"] as const;
type LoadFromUrlArgs = RequiredArgs<
  LoadFromUrlOptions & { url: string },
  ["url"],
  ["modelDir", "mapLocation", "progress", "checkHash", "fileName", "weightsOnly"]
>;

/** torchvision's names end with the first digits of the file's SHA-256, eight or more: `resnet18-f37072fd.pth`, and not `model-10.pth` or a date. */
const HASH = /-(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\.)([a-f0-9]{8,})\./;

/**
 * Loads weights from an address, or from the cache if they are there: `.pth`, `.pt`, `.safetensors`. What is downloaded is verified by
 * the SHA-256 digits in its name. Errors: the network's, another hash (IOError).
 * [torch.hub.load_state_dict_from_url](https://docs.pytorch.org/docs/stable/hub.html#torch.hub.load_state_dict_from_url)
 */
export async function loadStateDictFromUrl(...args: LoadFromUrlArgs): Promise<StateDict> {
  const op = "hub.loadStateDictFromUrl";
  const o = readArgs<LoadFromUrlOptions & { url: string }>(op, NAMES, args);
  const { url, modelDir, mapLocation, progress = true, checkHash = false, fileName } = o;
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new ArgumentError(`${op}: expected an address, received ${describe(url)}`, { op });
  }
  if (fileName !== undefined && fileName !== null && typeof fileName !== "string") {
    throw new ArgumentError(`${op}: expected fileName to be a string, received ${describe(fileName)}`, { op });
  }
  const name = fileName ?? basename(new URL(url).pathname);
  const folder = modelDir === undefined || modelDir === null ? join(getDir(), "checkpoints") : pathOf(op, modelDir);
  const path = join(folder, name);
  const hashPrefix = HASH.exec(name)?.[1] ?? null;
  if (checkHash && hashPrefix === null) {
    throw new ArgumentError(`${op}: checkHash needs the digits of the SHA-256 in the file's name, as in resnet18-f37072fd.pth; received ${name}`, { op }); // biome-ignore format: one line
  }
  // Decimal digits may be a step or a number: they are taken for a hash where PyTorch publishes, and where that is asked for.
  const isHash = checkHash || !/^\d*$/.test(hashPrefix ?? "") || new URL(url).host === "download.pytorch.org";
  await download(url, path, { hashPrefix: isHash ? hashPrefix : null, progress });
  if (checkHash && hashPrefix !== null) {
    const hash = createHash("sha256");
    await hashFile(path, hash);
    const found = hash.digest("hex").slice(0, hashPrefix.length);
    if (found !== hashPrefix) {
      throw new IOError(`${path}: invalid hash value (expected "${hashPrefix}", got "${found}"): delete it to download it again`, { op }); // biome-ignore format: one line
    }
  }
  if (name.endsWith(".safetensors")) return safetensors.load(path);
  return (await load(path, mapLocation === undefined ? {} : { mapLocation })) as StateDict;
}
