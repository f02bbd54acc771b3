/** Where downloaded files lie: PyTorch's cache, so that what Python has fetched is there. */
import { homedir } from "node:os";
import { join } from "node:path";
import { pathOf } from "../serialization/files.js";

let chosen: string | undefined;

/**
 * The folder of the hub: what {@link setDir} set, else `$TORCH_HOME/hub`, `$XDG_CACHE_HOME/torch/hub`, `~/.cache/torch/hub`. Weights
 * lie in `checkpoints` below it.   [torch.hub.get_dir](https://docs.pytorch.org/docs/stable/hub.html#torch.hub.get_dir)
 */
export function getDir(): string {
  if (chosen !== undefined) return chosen;
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  const torchHome = TORCH_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "torch");
  return join(torchHome.replace(/^~(?=$|[/\\])/, homedir()), "hub");
}

/** Sets the folder of the hub for this process. */
export function setDir(folder: string | URL): void {
  chosen = pathOf("hub.setDir", folder);
}
