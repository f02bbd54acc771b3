/** EMNIST: handwritten digits and letters. */
import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Args, readArgs, required } from "../../args.js";
import { ArgumentError, IOError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type ArchiveSource, type DownloadOptions, downloadArchive, howToGet } from "./files.js";
import { GrayClasses, type MNISTOptions, NAMES, rawFolder, readImages, rootOf } from "./mnist.js";

/** The ways in which EMNIST is divided. */
export type EMNISTSplit = "byclass" | "bymerge" | "balanced" | "letters" | "digits" | "mnist";

const SOURCE: ArchiveSource = {
  name: "EMNIST",
  mirrors: ["https://biometrics.nist.gov/cs_links/EMNIST/"],
  file: "gzip.zip",
  md5: "58c8d27c78d21e728a6bc7b3cc06412e",
};

const DIGITS = [..."0123456789"];
const LOWER = [..."abcdefghijklmnopqrstuvwxyz"];
const UPPER = LOWER.map((letter) => letter.toUpperCase());
/** Letters whose two cases look alike are one class. */
const MERGED = [...DIGITS, ...UPPER, ...[..."abdefghnqrt"]];
const CLASSES: Readonly<Record<EMNISTSplit, readonly string[]>> = {
  ...{ byclass: [...DIGITS, ...UPPER, ...LOWER], bymerge: MERGED, balanced: MERGED },
  ...{ letters: ["N/A", ...LOWER], digits: DIGITS, mnist: DIGITS },
};

type All<X, Y> = MNISTOptions<X, Y> & { root: string; split: EMNISTSplit };

/**
 * Handwritten digits and letters, 28 x 28, in one of six divisions: `new EMNIST(root, "letters", { train: false })`. Samples are as of
 * MNIST. Errors: a split that is none; files that are missing or damaged.   [Cohen et al. 2017, https://arxiv.org/abs/1702.05373]
 */
export class EMNIST<X = Tensor, Y = number> extends GrayClasses<X, Y> {
  /** The division. */
  readonly split: EMNISTSplit;

  constructor(
    ...args:
      | [root: string, split: EMNISTSplit, ...rest: Args<MNISTOptions<X, Y>, typeof NAMES>]
      | [root: string, options: MNISTOptions<X, Y> & { split: EMNISTSplit }]
      | [options: All<X, Y>]
  ) {
    const op = "EMNIST";
    const o = readArgs<All<X, Y>>(op, ["root", "split", ...NAMES], args);
    const [root, split] = [rootOf(op, required(op, o, "root")), required(op, o, "split")];
    if (!Object.hasOwn(CLASSES, split)) {
      const known = Object.keys(CLASSES).map((name) => `'${name}'`);
      throw new ArgumentError(
        `Unknown value ${describe(split)} for argument split. Valid values are {${known.join(", ")}}.`,
      );
    }
    const prefix = `emnist-${split}-${(o.train ?? true) ? "train" : "test"}`;
    const file = (name: string) => {
      const folder = rawFolder(root, "EMNIST");
      const candidates = [join(folder, `${prefix}-${name}`), join(folder, `${prefix}-${name}.gz`)];
      const found = candidates.find(existsSync);
      if (found !== undefined) return found;
      const how = howToGet(op, root, "there", `${SOURCE.mirrors[0]}${SOURCE.file}`, o.download ?? false);
      throw new IOError(`EMNIST: no ${candidates.join(" or ")}; ${how}`);
    };
    super(root, readImages(file("images-idx3-ubyte"), file("labels-idx1-ubyte")), CLASSES[split], o);
    this.split = split;
  }

  /** Downloads all divisions to `root/EMNIST/raw`. Errors: no mirror answers, or the archive is not the expected one. */
  static async download(root: string, options?: DownloadOptions): Promise<void> {
    const folder = rawFolder(rootOf("EMNIST.download", root), "EMNIST");
    const isThere = existsSync(folder) && (await readdir(folder)).some((name) => name.startsWith("emnist-"));
    if (isThere) return;
    await downloadArchive(SOURCE, folder, { ...options, keep: false });
    const unpacked = join(folder, "gzip");
    for (const name of await readdir(unpacked)) await rename(join(unpacked, name), join(folder, name));
    await rm(unpacked, { recursive: true });
  }
}
