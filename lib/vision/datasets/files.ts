/** Where the files of data sets lie, and where they come from. */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, IOError } from "../../errors.js";
import { download } from "../../hub/download.js";
import { native, unlessFailed } from "../../native.js";
import { checkOptions } from "../../serialization/files.js";
import { describe } from "../../tensor/base.js";

/** A file by its name, and the MD5 sum that it must have. */
export type Md5 = string;

/** The files of a data set: gzipped IDX files with their MD5 sums, and the addresses of folders that hold them. */
export interface IdxSource {
  readonly name: string;
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<string, Md5>>;
}

/** An archive that holds the files of a data set. */
export interface ArchiveSource {
  readonly name: string;
  readonly mirrors: readonly string[];
  readonly file: string;
  readonly md5: Md5;
}

const IDX_FILES = ["train-images", "train-labels", "t10k-images", "t10k-labels"];
const idxFiles = (...sums: Md5[]) =>
  Object.fromEntries(
    IDX_FILES.map((file, i) => [`${file}-idx${file.endsWith("images") ? 3 : 1}-ubyte.gz`, sums[i] ?? ""]),
  );

export const MNIST_FILES: IdxSource = {
  name: "MNIST",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
  files: idxFiles(
    ...["f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432"],
    ...["9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"],
  ),
};

export const FASHION_MNIST_FILES: IdxSource = {
  name: "FashionMNIST",
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  files: idxFiles(
    ...["8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe"],
    ...["bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"],
  ),
};

export const KMNIST_FILES: IdxSource = {
  name: "KMNIST",
  mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
  files: idxFiles(
    ...["bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344"],
    ...["5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"],
  ),
};

/** How a data set is had: a sentence for errors. */
export function howToGet(
  name: string,
  root: string,
  place: string,
  mirror: string | undefined,
  asked: boolean,
): string {
  const call = `await vision.datasets.${name}.download(${JSON.stringify(root)})`;
  const how = asked ? `a constructor cannot wait for the net: ${call} first` : `${call} gets it`;
  return `${how}, or put ${place} what ${mirror} has`;
}

/** Finds an IDX file as torchvision lays it out (`root/NAME/raw`), or in `root` itself, gzipped or not. */
export function findIdx({ name, mirrors }: IdxSource, root: string, file: string, asked: boolean): string {
  const places = [join(root, name, "raw"), join(root, name), join(root, "raw"), root];
  for (const place of places) {
    for (const candidate of [join(place, file), join(place, `${file}.gz`), join(place, file.replace("-idx", ".idx"))]) {
      if (existsSync(candidate)) return candidate;
    }
  }
  const how = howToGet(name, root, "there", mirrors[0], asked);
  throw new IOError(`${name}: no ${file} or ${file}.gz in ${places.join(", ")}; ${how}`);
}

/** Options of a download. */
export interface DownloadOptions {
  /** The addresses of the folders to take files from, tried in order. Default: torchvision's. */
  mirrors?: readonly string[];
  /** Whether bars are shown. Default true. */
  progress?: boolean;
}

function readOptions(op: string, root: string, options: DownloadOptions): void {
  if (typeof root !== "string" || root === "") {
    throw new ArgumentError(`${op}: expected root to be the path of a folder, received ${describe(root)}`);
  }
  checkOptions(op, options, ["mirrors", "progress"]);
}

/** Downloads a file from the first mirror that has it, with the right MD5 sum. Errors: no mirror does. */
async function fromMirrors(
  name: string,
  mirrors: readonly string[],
  file: string,
  path: string,
  md5: Md5,
  progress = true,
) {
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const url = new URL(file, mirror.endsWith("/") ? mirror : `${mirror}/`).href;
    try {
      return await download(url, path, { progress, md5 });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const text = cause instanceof Error ? cause.message : String(cause);
      reasons.push(text.includes(url) ? text : `${url}: ${text}`);
    }
  }
  throw new IOError(`${name}: ${file} could not be downloaded (${reasons.join("; ")})`);
}

/**
 * Downloads the files that are missing to `root/NAME/raw`, as torchvision lays them out. A download that was cut short goes on; a file
 * appears whole, once its MD5 sum is right. Errors: no mirror has a file, or what came is not it.
 */
export async function downloadIdx(source: IdxSource, root: string, options: DownloadOptions = {}): Promise<void> {
  readOptions(`${source.name}.download`, root, options);
  const folder = join(root, source.name, "raw");
  await mkdir(folder, { recursive: true });
  for (const [file, md5] of Object.entries(source.files)) {
    const target = join(folder, file);
    if (existsSync(target.replace(/\.gz$/, ""))) continue;
    await fromMirrors(source.name, options.mirrors ?? source.mirrors, file, target, md5, options.progress);
  }
}

/** The most that an archive of a data set may hold. */
const LARGEST = 8 * 2 ** 30;

/**
 * Downloads an archive to a folder and unpacks it there. Errors: no mirror has it, or what came is not it; an archive that writes
 * outside of the folder, has links, or is too large.
 */
export async function downloadArchive(
  source: ArchiveSource,
  folder: string,
  options: DownloadOptions & { keep?: boolean } = {},
): Promise<void> {
  readOptions(`${source.name}.download`, folder, {
    mirrors: options.mirrors,
    progress: options.progress,
  } as DownloadOptions);
  await mkdir(folder, { recursive: true });
  const path = join(folder, source.file);
  await fromMirrors(source.name, options.mirrors ?? source.mirrors, source.file, path, source.md5, options.progress);
  unlessFailed(`${source.name}.download`, await native.extractArchive(path, folder, LARGEST));
  if (options.keep === false) await rm(path);
}
