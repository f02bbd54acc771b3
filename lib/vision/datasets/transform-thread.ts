/** Threads that read, decode and change the images of a batch by a module's transform. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Collated, defaultCollate } from "../../data/collate.js";
import type { OpenedBatch } from "../../data/dataset.js";
import { currentWorker } from "../../data/worker.js";
import { TorchError, translate } from "../../errors.js";
import type { ImageOptions } from "../../native.js";
import { ModuleTransform } from "./module-transform.js";
import { type Packed, unpack } from "./transfer.js";

/** The images of a batch: of files, or bytes [C, H, W] of memory. */
export type ImagesRequest =
  | { readonly paths: readonly string[]; readonly options: ImageOptions }
  | { readonly data: Uint8Array; readonly shape: readonly [count: number, c: number, h: number, w: number] };

/** What a thread is told. */
export type ToThread = { readonly seed: bigint } | { readonly id: number; readonly images: ImagesRequest };

/** What a thread answers. */
export type FromThread =
  | { readonly id: number; readonly batch: Packed }
  | { readonly id: number; readonly error: { readonly code: string | undefined; readonly message: string } };

/**
 * Has the images of a batch changed on the thread of the loader's worker, in the order of the calls; undefined where there is no worker,
 * or the transform is of no module.
 */
export function onThread(transform: unknown, images: () => ImagesRequest): Promise<unknown> | undefined {
  const worker = currentWorker();
  if (worker === null || !(transform instanceof ModuleTransform)) return undefined;
  const { url } = transform;
  const thread = worker.resource(url, () => TransformThread.take(url, worker.info));
  return thread.request(images());
}

/** A batch that a thread makes, with its targets. */
export function openedThere<X, Y>(batch: Promise<unknown>, targets: readonly Y[]): OpenedBatch<[X, Y]> {
  batch.catch(() => {}); // it is told when the batch's turn comes
  return { draw: () => async () => [await batch, defaultCollate(targets)] as Collated<[X, Y]> };
}

/** Threads by the address of their module, which have nothing to do: to start one takes longer than many batches. */
const idle = new Map<string, Worker[]>();

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./transform-worker.ts" : "./transform-worker.js",
  import.meta.url,
);

/** How many milliseconds a thread whose epoch has ended may go on. */
const GRACE = 1000;

/** The thread of one worker of an epoch. */
class TransformThread {
  readonly #url: string;
  readonly #id: number;
  readonly #thread: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #count = 0;
  #released = false;

  private constructor(url: string, id: number, thread: Worker) {
    this.#url = url;
    this.#id = id;
    this.#thread = thread;
    thread.removeAllListeners();
    thread.on("message", (answer: FromThread) => this.#settle(answer));
    thread.on("error", (error) => this.#fail(error instanceof Error ? error.message : String(error)));
    thread.on("exit", (code) => this.#fail(`it exited with code ${code}`));
  }

  /** A thread that draws from a worker's seed. */
  static take(url: string, { id, seed }: { id: number; seed: bigint }): TransformThread {
    const thread = idle.get(url)?.pop() ?? new Worker(ENTRY, { workerData: url, name: "candlewick transforms" });
    thread.unref();
    thread.postMessage({ seed } satisfies ToThread);
    return new TransformThread(url, id, thread);
  }

  /** Sends a batch. The process stays while one is waited for. */
  request(images: ImagesRequest): Promise<unknown> {
    const id = this.#count++;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#thread.ref();
    this.#thread.postMessage(
      { id, images } satisfies ToThread,
      "data" in images ? [images.data.buffer as ArrayBuffer] : [],
    );
    return answer;
  }

  /** Gives the thread back once all batches have come; one that does not end soon is stopped. */
  release(): void {
    this.#released = true;
    this.#rest();
    if (this.#waiting.size === 0) return;
    this.#thread.unref(); // nobody waits for these batches
    setTimeout(() => {
      if (this.#waiting.size > 0) void this.#thread.terminate();
    }, GRACE).unref();
  }

  #settle(answer: FromThread): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("batch" in answer) waiting?.resolve(unpack(answer.batch));
    else waiting?.reject(this.#caught(answer.error));
    this.#rest();
  }

  /** An error of the library keeps its class; another is told as PyTorch tells those of its workers. */
  #caught({ code, message }: { code: string | undefined; message: string }): unknown {
    if (code !== undefined) return translate(Object.assign(new Error(message), { code }), "DataLoader");
    return new TorchError(`Caught ${message} in DataLoader worker ${this.#id}`);
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new TorchError(`DataLoader worker ${this.#id} ended unexpectedly: ${reason}`));
    }
    this.#waiting.clear();
    idle.set(
      this.#url,
      (idle.get(this.#url) ?? []).filter((thread) => thread !== this.#thread),
    ); // it may have ended while idle
  }

  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#thread.unref();
    if (!this.#released || this.#thread.threadId < 0) return;
    this.#released = false;
    const threads = idle.get(this.#url) ?? [];
    idle.set(this.#url, threads);
    if (threads.length < availableParallelism()) threads.push(this.#thread);
    else void this.#thread.terminate();
  }
}
