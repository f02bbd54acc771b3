/** Runs samples in worker processes. One that dies, or hangs, fails its sample and is replaced. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./sample.js";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));
const SECONDS = 30;
const MAX_WORKERS = 4;

/** The name that a line declares first, for a sample whose worker died. */
export function nameIn(line: string): string {
  return /"(?:op|module)": *"([^"]*)"/.exec(line)?.[1] ?? "(unreadable)";
}

/** The outcome of each line, in order. */
export async function runAll(lines: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const take = () => (next < lines.length ? next++ : null);
  const count = Math.min(lines.length, MAX_WORKERS, availableParallelism());
  await Promise.all(Array.from({ length: count }, () => work(lines, take, outcomes)));
  return outcomes;
}

async function work(lines: readonly string[], take: () => number | null, outcomes: Outcome[]): Promise<void> {
  let worker = await start();
  for (let i = take(); i !== null; i = take()) {
    const line = lines[i] ?? "";
    const answer = await ask(worker, line);
    if (typeof answer === "string") {
      outcomes[i] = { name: nameIn(line), status: "failed", reason: answer };
      worker.kill("SIGKILL");
      worker = await start();
    } else {
      outcomes[i] = answer;
    }
  }
  worker.kill();
}

/** A worker that is ready. Errors: it ends before it is, e.g. because the library is not built. */
function start(): Promise<ChildProcess> {
  const worker = fork(WORKER, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("the conformance worker does not start"));
    worker.once("exit", onExit);
    worker.once("message", () => {
      worker.off("exit", onExit);
      resolve(worker);
    });
  });
}

/** The outcome of a line, or how the worker failed. */
function ask(worker: ChildProcess, line: string): Promise<Outcome | string> {
  return new Promise((resolve) => {
    const finish = (answer: Outcome | string) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("exit", onExit).off("error", onError);
      resolve(answer);
    };
    const onMessage = (message: Outcome) => finish(message);
    const onExit = (code: number | null, signal: string | null) => finish(`the process died (${signal ?? code})`);
    const onError = (error: Error) => finish(`the process failed: ${error.message}`);
    const timer = setTimeout(() => finish(`no answer in ${SECONDS} s`), SECONDS * 1000);
    worker.on("message", onMessage).on("exit", onExit).on("error", onError);
    if (worker.exitCode !== null || worker.signalCode !== null) onExit(worker.exitCode, worker.signalCode);
    else worker.send(line);
  });
}
