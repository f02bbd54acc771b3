/** Images in folders, one folder a class. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Args, readArgs, required } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { tensor } from "../../creation.js";
import type { Collated } from "../../data/collate.js";
import { checkIndex, type OpenedBatch } from "../../data/dataset.js";
import { getWorkerInfo } from "../../data/worker.js";
import { ArgumentError, IOError, TorchError } from "../../errors.js";
import { type ImageOptions, native, unlessFailed } from "../../native.js";
import { guardSpelling } from "../../spelling.js";
import { describe, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { readImage } from "../io/decode.js";
import { rootOf } from "./mnist.js";
import { ModuleTransform } from "./module-transform.js";
import { type ImageSize, plannerOf } from "./plan.js";
import { onThread, openedThere } from "./transform-thread.js";
import { VisionDataset, type VisionDatasetOptions, warnOfThread } from "./vision-dataset.js";

/** The endings of the files of images, in small letters. */
export const IMG_EXTENSIONS: readonly string[] = [
  ...[".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"],
];

/** Reads a file as a sample. */
export type Loader<I> = (path: string) => I | Promise<I>;

/** Options of {@link DatasetFolder}. */
export interface DatasetFolderOptions<I, X, Y> extends VisionDatasetOptions<I, number, X, Y> {
  /** Whether a file belongs to the set, in the place of the endings. Default: by the endings. */
  isValidFile?: ((path: string) => boolean) | null;
  /** Whether a class may have no files. Default false: an error. */
  allowEmpty?: boolean;
}

/** By code point, as Python sorts. */
const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The folders of a folder, which are the classes, and their numbers. Errors: none. */
export function findClasses(directory: string): [classes: string[], classToIdx: Record<string, number>] {
  let entries: string[];
  try {
    entries = readdirSync(directory).filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory()); // biome-ignore format: one line
  } catch (error) {
    throw new IOError(`${directory}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const classes = entries.sort(byCodePoint);
  if (classes.length === 0) throw new IOError(`Couldn't find any class folder in ${directory}.`);
  const hidden = classes.filter((name) => name.startsWith("."));
  if (hidden.length > 0) {
    warnOnce(
      "CANDLEWICK_HIDDEN_CLASS",
      `${directory}: the hidden folders ${hidden.join(", ")} are classes too, as in torchvision`,
    );
  }
  return [classes, Object.fromEntries(classes.map((name, i) => [name, i]))];
}

/** The files below a folder, in torchvision's order: folder by folder, links followed, but not round in a circle. */
function filesBelow(folder: string): string[] {
  const folders: [string, string[]][] = [];
  const walk = (path: string, seen: ReadonlySet<string>) => {
    const real = realpathSync(path);
    if (seen.has(real)) return;
    const within = new Set([...seen, real]);
    const files: string[] = [];
    for (const name of readdirSync(path)) {
      const kind = statSync(join(path, name), { throwIfNoEntry: false });
      if (kind?.isDirectory()) walk(join(path, name), within);
      else files.push(name);
    }
    folders.push([path, files]);
  };
  walk(folder, new Set());
  return folders
    .sort(([a], [b]) => byCodePoint(a, b))
    .flatMap(([path, files]) => files.sort(byCodePoint).map((name) => join(path, name)));
}

const NAMES = ["root", "loader", "extensions", "transform", "targetTransform", "isValidFile", "allowEmpty"] as const;
type FolderArgs<I, X, Y> = DatasetFolderOptions<I, X, Y> & {
  root: string;
  loader: Loader<I>;
  extensions?: readonly string[] | string | null;
};

/** Files in folders: `root/CLASS/.../FILE`. A sample is what the loader gives and the number of the class. `get` is asynchronous. */
export class DatasetFolder<I, X = I, Y = number> extends VisionDataset<I, number, X, Y> {
  override readonly root: string;
  readonly loader: Loader<I>;
  readonly extensions: readonly string[] | null;
  /** The names of the classes, in order. */
  readonly classes: readonly string[];
  /** The number of each class by its name. */
  readonly classToIdx: Readonly<Record<string, number>>;
  /** The path and the class of each file. */
  readonly samples: readonly (readonly [path: string, target: number])[];
  /** The class of each file. */
  readonly targets: readonly number[];

  constructor(...args: Args<FolderArgs<I, X, Y>, typeof NAMES>) {
    const op = new.target.name;
    const o = readArgs<FolderArgs<I, X, Y>>(op, [...NAMES, "transforms"], args);
    const root = rootOf(op, required(op, o, "root"));
    super(root, o);
    this.root = root;
    this.loader = required(op, o, "loader");
    if (typeof this.loader !== "function") {
      throw new ArgumentError(`${op}: expected loader to be a function of a path, received ${describe(this.loader)}`);
    }
    const { isValidFile = null, extensions = null } = o;
    if ((isValidFile === null) === (extensions === null)) {
      throw new ArgumentError("Both extensions and is_valid_file cannot be None or not None at the same time");
    }
    this.extensions = extensions === null ? null : [extensions].flat();
    const isValid =
      isValidFile ?? ((path: string) => this.extensions?.some((end) => path.toLowerCase().endsWith(end)) ?? false);
    [this.classes, this.classToIdx] = findClasses(root);
    const files = this.classes.map((name) => filesBelow(join(root, name)).filter((path) => isValid(path)));
    const empty = this.classes.filter((_, i) => files[i]?.length === 0);
    if (empty.length > 0 && o.allowEmpty !== true) {
      const known = this.extensions === null ? "" : ` Supported extensions are: ${this.extensions.join(", ")}`;
      throw new IOError(`Found no valid file for the classes ${empty.join(", ")}.${known}`);
    }
    this.samples = files.flatMap((paths, target) => paths.map((path) => [path, target] as const));
    this.targets = this.samples.map(([, target]) => target);
  }

  get length(): number {
    return this.samples.length;
  }

  /** The path and the class of a sample. */
  protected at(index: number): readonly [path: string, target: number] {
    return this.samples[checkIndex(index, this.samples.length)] ?? ["", 0];
  }

  async get(index: number): Promise<[X, Y]> {
    const [path, target] = this.at(index);
    return this.changed(await this.loader(path), target);
  }

  /** Reads all samples, and changes them in their order. */
  async openBatch(indices: readonly number[]): Promise<OpenedBatch<[X, Y]>> {
    const isOfModule = this.transform === null || this.transform instanceof ModuleTransform;
    if (!isOfModule || this.transforms !== null) warnOfThread();
    const chosen = listOf("openBatch", "indices", indices).map((i) => this.at(i));
    const worker = getWorkerInfo(); // known until the first await
    const read = await Promise.all(chosen.map(async ([path, target]) => [await this.loader(path), target] as const));
    const change = (image: I, target: number, path: string): [X, Y] => {
      if (worker === null) return this.changed(image, target);
      try {
        return this.changed(image, target);
      } catch (error) {
        if (error instanceof TorchError) throw error;
        throw new TorchError(`Caught ${path}: ${error} in DataLoader worker ${worker.id}`, { cause: error });
      }
    };
    return { draw: () => read.map(([image, target], i) => change(image, target, chosen[i]?.[0] ?? "")) };
  }

  protected override describeRepr(): readonly string[] {
    return [`Root location: ${this.root}`];
  }
}

guardSpelling(DatasetFolder.prototype, ["classToIdx", "isValidFile", "allowEmpty"]);

/** Options of {@link ImageFolder}. */
export interface ImageFolderOptions<X = Tensor, Y = number> extends DatasetFolderOptions<Tensor, X, Y> {
  /** Reads a file. Default: as RGB, uint8 [3, H, W]. */
  loader?: Loader<Tensor> | null;
  /** The most pixels an image may have. Default 178,956,970, as in Pillow. */
  maxPixels?: number;
  /** Whether the part of a truncated file that is there is taken, and the rest left gray. Default false: an error. */
  allowTruncated?: boolean;
}
const IMAGE_NAMES = ["root", "transform", "targetTransform", "loader", "isValidFile", "allowEmpty"] as const;
type ImageFolderArgs<X, Y> = ImageFolderOptions<X, Y> & { root: string };

/**
 * Images in folders: `root/CLASS/.../FILE.jpg`. A sample is `[image, class]`: the image as RGB, uint8 [3, H, W], changed by the transform,
 * and the number of its class. `get` is asynchronous. A DataLoader reads, decodes and changes the images of a batch on native threads,
 * unless a transform is written in JavaScript. Errors: no folder, a class without images, a file that is no image (with its path).
 *
 * ```ts
 * const photos = new ImageFolder("photos/train", { transform: new Compose([new RandomResizedCrop(224), new ToTensor()]) });
 * ```
 */
export class ImageFolder<X = Tensor, Y = number> extends DatasetFolder<Tensor, X, Y> {
  readonly #options: ImageOptions | undefined;
  readonly #planner: ReturnType<typeof plannerOf>;

  constructor(
    ...args:
      | [
          root: string,
          ...rest: Args<
            ImageFolderOptions<X, Y>,
            ["transform", "targetTransform", "loader", "isValidFile", "allowEmpty"]
          >,
        ]
      | [options: ImageFolderArgs<X, Y>]
  ) {
    const o = readArgs<ImageFolderArgs<X, Y>>(
      "ImageFolder",
      [...IMAGE_NAMES, "transforms", "maxPixels", "allowTruncated"],
      args,
    );
    const { loader, isValidFile, maxPixels = 178_956_970, allowTruncated = false, ...rest } = o;
    const own = (path: string) => readImage(path, { mode: "RGB", maxPixels, allowTruncated });
    super({
      ...rest,
      root: required("ImageFolder", o, "root"),
      loader: loader ?? own,
      extensions: isValidFile ? null : IMG_EXTENSIONS,
      isValidFile: isValidFile ?? null,
    } as FolderArgs<Tensor, X, Y>);
    this.#options =
      loader === undefined || loader === null
        ? { mode: "RGB", applyExifOrientation: false, keep16Bits: false, maxPixels, allowTruncated, reduce: 1 }
        : undefined;
    this.#planner = this.transforms === null ? plannerOf(this.transform) : undefined;
  }

  /** The path and the class of each file: {@link samples}. */
  get imgs(): readonly (readonly [path: string, target: number])[] {
    return this.samples;
  }

  override async openBatch(indices: readonly number[], parallel = false): Promise<OpenedBatch<[X, Y]>> {
    const [options, planner] = [this.#options, this.#planner];
    const own = this.get === ImageFolder.prototype.get && this.targetTransform === null;
    const chosen = listOf("openBatch", "indices", indices).map((i) => this.at(i));
    if (options !== undefined && this.get === ImageFolder.prototype.get && this.transforms === null) {
      const batch = onThread(this.transform, () => ({ paths: chosen.map(([path]) => path), options }));
      if (batch !== undefined)
        return openedThere(
          batch,
          chosen.map(([, target]) => this.changedTarget(target)),
        );
    }
    if (options === undefined || planner === undefined || !own) return super.openBatch(indices);
    const images = unlessFailed(
      "ImageFolder",
      await native.openImages(
        chosen.map(([path]) => path),
        options,
        parallel,
      ),
    );
    const sizes = native.imageSizes(images);
    const sizeOf = (i: number): ImageSize => [3, sizes[2 * i] ?? 0, sizes[2 * i + 1] ?? 0];
    const labels = () =>
      tensor(
        chosen.map(([, target]) => target),
        { dtype: "int64" },
      );
    return {
      draw: () => {
        const { steps, rest } = planner(chosen.map((_, i) => sizeOf(i)));
        return async (parallel) => {
          const batch = wrap(unlessFailed("ImageFolder", await native.finishImages(images, ...steps, parallel)));
          return [rest === undefined ? batch : rest(batch), labels()] as Collated<[X, Y]>;
        };
      },
    };
  }
}

guardSpelling(ImageFolder.prototype, ["maxPixels", "allowTruncated"]);
