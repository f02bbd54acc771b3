/** Weights from an address. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { ArgumentError, IOError } from "../errors.js";
import type { StateDict } from "../nn/state-dict.js";
import { checkOptions } from "../serialization/files.js";
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
}

/** torchvision's names end with the first digits of the file's SHA-256, eight or more: `resnet18-f37072fd.pth`, and not `model-10.pth` or a date. */
const HASH = /-(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\.)([a-f0-9]{8,})\./;

/**
 * Loads weights from an address, or from the cache if they are there: `.pth`, `.pt`, `.safetensors`. What is downloaded is verified by
 * the SHA-256 digits in its name. Errors: the network's, another hash (IOError).
 * [torch.hub.load_state_dict_from_url](https://docs.pytorch.org/docs/stable/hub.html#torch.hub.load_state_dict_from_url)
 */
export async function loadStateDictFromUrl(url: string, options: LoadFromUrlOptions = {}): Promise<StateDict> {
  const op = "hub.loadStateDictFromUrl";
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new ArgumentError(`${op}: expected an address, received ${describe(url)}`, { op });
  }
  checkOptions(op, options, ["modelDir", "mapLocation", "progress", "checkHash", "fileName"]);
  const { modelDir, mapLocation, progress = true, checkHash = false, fileName } = options;
  const name = fileName ?? basename(new URL(url).pathname);
  const path = join(modelDir ?? join(getDir(), "checkpoints"), name);
  const hashPrefix = HASH.exec(name)?.[1] ?? null;
  await download(url, path, { hashPrefix, progress });
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
