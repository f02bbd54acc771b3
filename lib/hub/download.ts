/** Downloads that resume, are verified, and appear whole. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type RequiredArgs, readArgs } from "../args.js";
import { ArgumentError, IOError, TorchError } from "../errors.js";
import { Bar } from "../progress/bar.js";
import { pathOf } from "../serialization/files.js";
import { describe } from "../tensor/base.js";
import { type Answer, reasonOf, request } from "./request.js";

/** Options of a download. */
export interface DownloadOptions {
  /** The beginning of the SHA-256 of the file, hexadecimal. Default: it is not checked. */
  hashPrefix?: string | null;
  /** Whether a bar is shown. Default true. */
  progress?: boolean;
  /** The MD5 sum of the file, for what is published with one. Default: it is not checked. @internal */
  md5?: string;
  /** Sent along: `{ authorization: "Bearer ..." }`. */
  headers?: Readonly<Record<string, string>>;
}

interface DownloadAll extends DownloadOptions {
  url: string;
  path: string;
}
const NAMES = ["url", "path", "hashPrefix", "progress", "headers", "md5"] as const;

/** How often a connection that drops is made again. */
const ATTEMPTS = 5;

/**
 * Downloads a file to a path, unless it is there. A part of it that an earlier try left is gone on with, if the server's file is still
 * the same; several processes that want one file wait for the first. The file appears whole, and with the hash it should have.
 * Errors: the network's, with what to do about them; another hash (IOError).
 */
export async function download(
  ...args: RequiredArgs<DownloadAll, ["url", "path"], ["hashPrefix", "progress"]>
): Promise<void> {
  const op = "hub.download";
  const { url = "", path = "", ...options } = readArgs<DownloadAll>(op, NAMES, args);
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new ArgumentError(`${op}: expected an address, received ${describe(url)}`, { op });
  }
  pathOf(op, path);
  if (existsSync(path)) return;
  const release = await locked(path).catch((error) => {
    throw told(new IOError(reasonOf(error)), url, path);
  });
  try {
    if (!existsSync(path)) await fetchTo(url, path, options);
  } finally {
    await release().catch(() => {}); // a lock that somebody took away needs no release
  }
}

/** Waits until no other process downloads to a path. A process that was killed is waited for ten seconds. Errors: the system's. */
async function locked(path: string): Promise<() => Promise<void>> {
  const { default: lockfile } = await import("proper-lockfile"); // here, because it takes 20 ms to load
  await mkdir(dirname(path), { recursive: true });
  for (let wait = 100; ; wait = Math.min(wait * 1.5, 1000)) {
    try {
      // A lock that is taken away harms nothing: the file still appears whole.
      return await lockfile.lock(path, { realpath: false, stale: 10_000, update: 2_000, onCompromised: () => {} });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function fetchTo(url: string, path: string, options: DownloadOptions): Promise<void> {
  const part = `${path}.part`;
  const sizeOf = async () => (await stat(part).catch(() => undefined))?.size ?? 0;
  let before = await sizeOf();
  const grew = async () => {
    const now = await sizeOf();
    const grows = now > before;
    before = Math.max(before, now);
    return grows;
  };
  await tried(
    async () => {
      const hash = await receive(url, part, options);
      const expected = options.md5 ?? options.hashPrefix ?? "";
      if (!hash.startsWith(expected.toLowerCase())) {
        await discard(part);
        throw new IOError(
          `${url}: invalid hash value (expected "${expected}", got "${hash.slice(0, expected.length)}")`,
        );
      }
      await rename(part, path);
      await rm(`${part}.json`, { force: true });
    },
    { name: basename(path), progress: options.progress ?? true, grew },
  ).catch((error) => {
    throw told(error instanceof TorchError ? error : new IOError(reasonOf(error)), url, path);
  });
}

/**
 * Does something with a server, again where the connection ends or the server is busy. A try that brought something is worth all
 * tries again.
 */
export async function tried<T>(
  work: () => Promise<T>,
  { name, progress, grew }: { name: string; progress: boolean; grew?: () => Promise<boolean> },
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TorchError && !(error instanceof Dropped)) throw error;
      failures = (await grew?.()) === true ? 1 : failures + 1;
      if (failures >= ATTEMPTS) throw error;
      if (progress) process.stderr.write(`${name}: ${reasonOf(error)}; trying again\n`);
      const pause = (error instanceof Dropped ? error.pause : 0) || 200 * 2 ** (failures - 1);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Errors: what a server answers in the place of a file; worth another try where it is busy. */
export function checkStatus(url: string, answer: Answer, hint = ""): void {
  if (answer.status < 400) return;
  const message = `${url}: HTTP ${answer.status}${hint}`;
  throw answer.status >= 500 || answer.status === 429 ? new Dropped(message, pauseOf(answer)) : new IOError(message);
}

/** A connection that ended too early: worth another try, after the milliseconds that the server asks for. */
class Dropped extends IOError {
  readonly pause: number;
  constructor(message: string, pause = 0) {
    super(message);
    this.pause = pause;
  }
}

/** What can be done when a file cannot be had. */
export function told(error: TorchError, url: string, path: string): TorchError {
  return new IOError(
    `${basename(path)} could not be downloaded: ${error.message}. Get it from ${url} by another way and put it at ${path}`,
    { cause: error },
  );
}

/** Receives a file into `part`, from where that ends. Returns the SHA-256 of the whole, or its MD5 sum where that is to be checked. */
async function receive(url: string, part: string, options: DownloadOptions): Promise<string> {
  const { headers = {}, progress = true, md5 } = options;
  const before = await kept(part);
  const asked: Record<string, string> =
    before === undefined ? {} : { range: `bytes=${before.size}-`, "if-range": before.validator };
  const answer = await request(url, { headers: { ...headers, ...asked } });
  const isSame = before !== undefined && (validatorOf(answer) === "" || validatorOf(answer) === before.validator);
  const resumed = answer.status === 206 && isSame && startOf(answer) === before.size;
  if (answer.status === 416 || (answer.status === 206 && !resumed)) {
    answer.cancel();
    await discard(part);
    throw new Dropped(`${url}: the server cannot go on where the file ends`);
  }
  if (answer.status !== 200 && !resumed) {
    answer.cancel();
    checkStatus(url, answer);
    throw new IOError(`${url}: HTTP ${answer.status}`);
  }
  let size = resumed ? before.size : 0;
  const total = totalOf(answer, size);
  await note(part, answer);
  const hash = createHash(md5 === undefined ? "sha256" : "md5");
  if (resumed) await hashFile(part, hash);
  const look = { unit: "B", unitScale: true, postfix: "", leave: true, stream: process.stderr };
  const bar = progress ? new Bar({ desc: basename(part, ".part"), total, initial: size, ...look }) : undefined;
  const file = await open(part, resumed ? "a" : "w");
  try {
    for await (const bytes of answer.body) {
      await file.appendFile(bytes);
      hash.update(bytes);
      size += bytes.length;
      bar?.update(bytes.length);
      if (total !== undefined && size > total) throw new Dropped(`${url}: more bytes came than the ${total} announced`);
    }
    if (total !== undefined && size !== total) throw new Dropped(`${url}: ${size} of ${total} bytes came`);
    await file.sync();
  } finally {
    bar?.close();
    await file.close();
  }
  return hash.digest("hex");
}

/** What is known of a part: its size, and by what the server knows the file. */
async function kept(part: string): Promise<{ size: number; validator: string } | undefined> {
  try {
    const { validator } = JSON.parse(await readFile(`${part}.json`, "utf8")) as { validator: unknown };
    const { size } = await stat(part);
    if (typeof validator === "string" && validator !== "" && size > 0) return { size, validator };
  } catch {
    // No part, or none to go on with.
  }
  return undefined;
}

/** Notes by what the server knows the file. */
async function note(part: string, answer: Answer): Promise<void> {
  await writeFile(`${part}.json`, JSON.stringify({ validator: validatorOf(answer) }));
}

/** The size of the whole file: what the range says, else the length of the rest. That of a compressed answer is not known. */
function totalOf({ headers }: Answer, before: number): number | undefined {
  const ranged = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
  if (ranged !== undefined) return Number(ranged);
  const length = headers.get("content-length");
  return length === undefined || isCompressed(headers) ? undefined : before + Number(length);
}

/** Whether a server compressed the file though it was asked not to: bytes arrive unpacked then, and ranges would not be of them. */
function isCompressed(headers: Answer["headers"]): boolean {
  return !["", "identity"].includes(headers.get("content-encoding") ?? "");
}

/** How many milliseconds a busy server asks to wait, at most a minute. */
function pauseOf({ headers }: Answer): number {
  const given = headers.get("retry-after") ?? "";
  const wait = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 60_000) : 0;
}

/** A strong ETag, or the time of the last change; nothing where there is neither, and of a compressed answer. */
function validatorOf({ headers }: Answer): string {
  if (isCompressed(headers)) return "";
  const etag = headers.get("etag");
  return (etag === undefined || etag.startsWith("W/") ? headers.get("last-modified") : etag) ?? "";
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

/** The first byte of a part of a file. */
function startOf({ headers }: Answer): number {
  return Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
}

/** Adds a file to a hash. */
export async function hashFile(path: string, hash: Hash): Promise<void> {
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
}
