/** The program of a thread that changes images by the transform of a module: see transform-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import "../../index.js"; // the whole library, which the module uses
import { fromTypedArray } from "../../creation.js";
import { makeCollate } from "../../data/collate.js";
import { TorchError } from "../../errors.js";
import { native } from "../../native.js";
import { manualSeed } from "../../random.js";
import { wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { pythonRandom } from "../transforms/python-random.js";
import { ModuleTransform } from "./module-transform.js";
import { pack } from "./transfer.js";
import type { FromThread, ImagesRequest, ToThread } from "./transform-thread.js";

const transform = new ModuleTransform<Tensor, unknown>(new URL(workerData as string));
let collate = makeCollate<unknown>();

/** The images of a request one by one, each with its name. */
function* imagesOf(request: ImagesRequest): Generator<[name: string, image: Tensor], void, undefined> {
  if ("paths" in request) {
    for (const path of request.paths) yield [path, wrap(native.decodeImageSync(path, request.options))];
    return;
  }
  const images = fromTypedArray(request.data, request.shape);
  for (const [i, image] of images.unbind(0).entries()) yield [`image ${i}`, image];
}

/** The batch of a request, changed image by image: draws come in their order. */
async function batchOf(request: ImagesRequest): Promise<unknown> {
  const samples: unknown[] = [];
  for (const [name, image] of imagesOf(request)) {
    try {
      samples.push(await transform.forward(image));
    } catch (error) {
      throw error instanceof TorchError ? error : new Error(`${name}: ${String(error)}`, { cause: error });
    }
  }
  return collate(samples);
}

async function answer(message: ToThread): Promise<void> {
  if ("seed" in message) {
    manualSeed(message.seed);
    pythonRandom.seed(message.seed);
    collate = makeCollate();
    return;
  }
  const { id } = message;
  const moved: ArrayBuffer[] = [];
  let reply: FromThread;
  try {
    reply = { id, batch: pack(await batchOf(message.images), moved) };
  } catch (error) {
    const { message: text } = error instanceof Error ? error : new Error(String(error));
    reply = { id, error: { code: error instanceof TorchError ? error.code : undefined, message: text } };
  }
  parentPort?.postMessage(reply, moved);
}

let before: Promise<void> = Promise.resolve();
parentPort?.on("message", (message: ToThread) => {
  before = before.then(() => answer(message));
});
