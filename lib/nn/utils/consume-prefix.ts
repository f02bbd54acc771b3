/** State dicts of wrapped modules. */
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import type { StateDict } from "../state-dict.js";

/**
 * Takes a prefix away from all keys that begin with it, in place: of a state that was saved from a `DataParallel` (`module.`) or a
 * compiled module (`_orig_mod.`).
 * [torch](https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.utils.consume_prefix_in_state_dict_if_present.html)
 */
export function consumePrefixInStateDictIfPresent(stateDict: StateDict, prefix: string): void {
  const op = "consumePrefixInStateDictIfPresent";
  if (typeof stateDict !== "object" || stateDict === null) {
    throw new ArgumentError(`${op}: expected a state dict, received ${describe(stateDict)}`, { op });
  }
  if (typeof prefix !== "string") {
    throw new ArgumentError(`${op}: expected prefix to be a string, received ${describe(prefix)}`, { op });
  }
  const strip = (object: object, start: string): void => {
    for (const key of Object.keys(object)) {
      if (!key.startsWith(start)) continue;
      const property = Object.getOwnPropertyDescriptor(object, key);
      Reflect.deleteProperty(object, key);
      Object.defineProperty(object, key.slice(prefix.length), property ?? {});
    }
  };
  strip(stateDict, prefix);
  const metadata: unknown = Reflect.get(stateDict, "_metadata");
  if (typeof metadata !== "object" || metadata === null) return;
  // The module itself is "module" there, those below it "module.layer".
  const own = Object.getOwnPropertyDescriptor(metadata, prefix.replace(/\.$/, ""));
  Reflect.deleteProperty(metadata, prefix.replace(/\.$/, ""));
  strip(metadata, prefix);
  if (own !== undefined) Object.defineProperty(metadata, "", own);
}
