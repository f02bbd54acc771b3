/** Where the IDX files of a data set lie, and where they come from. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IOError } from "../../errors.js";

/** The files of a data set: gzipped IDX files with their MD5 sums, and the addresses of folders that hold them. */
export interface IdxSource {
  readonly name: string;
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export const MNIST_FILES: IdxSource = {
  name: "MNIST",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
  files: {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
  },
};

export const FASHION_MNIST_FILES: IdxSource = {
  name: "FashionMNIST",
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  files: {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
  },
};

/** Finds an IDX file as torchvision lays it out (`root/NAME/raw`), or in `root` itself, gzipped or not. */
export function findIdx({ name, mirrors }: IdxSource, root: string, file: string, download: boolean): string {
  const places = [join(root, name, "raw"), join(root, name), join(root, "raw"), root];
  for (const place of places) {
    for (const candidate of [join(place, file), join(place, `${file}.gz`), join(place, file.replace("-idx", ".idx"))]) {
      if (existsSync(candidate)) return candidate;
    }
  }
  const call = `await vision.datasets.${name}.download(${JSON.stringify(root)})`;
  const how = download ? `a constructor cannot wait for the net: ${call} first` : `${call} gets it`;
  throw new IOError(
    `${name}: no ${file} or ${file}.gz in ${places.join(", ")}; ${how}, or put there what ${mirrors[0]} has`,
  );
}

/** Options of a download. */
export interface DownloadOptions {
  /** The addresses of the folders to take files from, tried in order. Default: torchvision's. */
  mirrors?: readonly string[];
}

/**
 * Downloads the files that are missing to `root/NAME/raw`, as torchvision lays them out. A file appears whole, once its MD5 sum
 * is right. Errors: no mirror has a file, or what came is not it.
 */
export async function downloadIdx(source: IdxSource, root: string, options: DownloadOptions = {}): Promise<void> {
  const folder = join(root, source.name, "raw");
  await mkdir(folder, { recursive: true });
  for (const [file, md5] of Object.entries(source.files)) {
    const target = join(folder, file);
    if (existsSync(target) || existsSync(target.replace(/\.gz$/, ""))) continue;
    const bytes = await firstOf(source.name, options.mirrors ?? source.mirrors, file, md5);
    const part = `${target}.${randomUUID()}.part`;
    try {
      await writeFile(part, bytes);
      await rename(part, target);
    } finally {
      await rm(part, { force: true });
    }
  }
}

/** The file from the first mirror that has it. */
async function firstOf(name: string, mirrors: readonly string[], file: string, md5: string): Promise<Uint8Array> {
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const address = new URL(file, mirror.endsWith("/") ? mirror : `${mirror}/`).href;
    try {
      const response = await fetch(address);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const sum = createHash("md5").update(bytes).digest("hex");
      if (!response.ok) reasons.push(`${address}: HTTP ${response.status}`);
      else if (sum !== md5) reasons.push(`${address}: expected the MD5 sum ${md5}, received ${sum}`);
      else return bytes;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      reasons.push(`${address}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new IOError(`${name}: ${file} could not be downloaded (${reasons.join("; ")})`);
}
