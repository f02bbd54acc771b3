/** Files of Hugging Face's repositories, in the cache that its own library uses. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { ArgumentError, IOError } from "../errors.js";
import { checkOptions } from "../serialization/files.js";
import { describe } from "../tensor/base.js";
import { checkStatus, download, told, tried } from "./download.js";
import { type Answer, reasonOf, request } from "./request.js";

/** Options of {@link huggingface}. */
export interface HuggingFaceOptions {
  /** A branch, a tag or a commit. Default `"main"`. */
  revision?: string;
  /** Who asks. Default: HF_TOKEN, or what `huggingface-cli login` left. */
  token?: string | null;
  /** Whether a bar is shown. Default true. */
  progress?: boolean;
}

/**
 * The path of a file of a repository, downloaded if it is not in the cache (`$HF_HUB_CACHE`, else `$HF_HOME/hub`, shared with Python):
 * `torch.safetensors.load(await hub.huggingface("timm/resnet18.a1_in1k", "model.safetensors"))`.
 * Errors: a repository or file that is not there, or not for this token (IOError).
 */
export async function huggingface(repo: string, file: string, options: HuggingFaceOptions = {}): Promise<string> {
  const op = "hub.huggingface";
  checkOptions(op, options, ["revision", "token", "progress"]);
  if (typeof repo !== "string" || !/^[\w.-]+\/[\w.-]+$/.test(repo) || !repo.split("/").every(isPart)) {
    throw new ArgumentError(`${op}: expected a repository "owner/name", received ${describe(repo)}`, { op });
  }
  if (typeof file !== "string" || !file.split("/").every(isPart)) {
    throw new ArgumentError(`${op}: expected a file of the repository, received ${describe(file)}`, { op });
  }
  const { revision = "main", progress = true } = options;
  if (typeof revision !== "string" || !revision.split("/").every(isPart)) {
    throw new ArgumentError(`${op}: expected revision to be a branch, a tag or a commit, received ${describe(revision)}`, { op }); // biome-ignore format: one line
  }
  if (options.token !== undefined && options.token !== null && typeof options.token !== "string") {
    throw new ArgumentError(`${op}: expected token to be a string, received ${describe(options.token)}`, { op });
  }
  const cache = join(cacheFolder(), `models--${repo.replace("/", "--")}`);
  const known = await cached(cache, revision, file);
  let url = `${(process.env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "")}/${repo}/resolve/${encodeURIComponent(revision)}/${file.split("/").map(encodeURIComponent).join("/")}`;
  const token = options.token ?? process.env.HF_TOKEN ?? (await readFile(tokenFile(), "utf8").catch(() => ""));
  const headers: Record<string, string> = token.trim() === "" ? {} : { authorization: `Bearer ${token.trim()}` };
  const ask = () =>
    tried(
      async () => {
        // A repository that has moved answers with its new place on the same server; other redirects lead to where large files lie.
        for (let moves = 0; ; moves++) {
          const answer = await request(url, { method: "HEAD", headers, follow: false });
          answer.cancel();
          checkStatus(url, answer, hint(answer.status, token));
          if (moves === 5 || !isMove(answer, url)) return answer;
          url = new URL(answer.headers.get("location") ?? "", url).href;
        }
      },
      { name: file, progress },
    );
  try {
    const answer = await ask();
    // What a server says becomes the names of files only where it is a name.
    const commit = named(answer.headers.get("x-repo-commit")) || revision;
    const given = answer.headers.get("x-linked-etag") ?? answer.headers.get("etag") ?? "";
    const etag = named(given.replace(/^W\/|"/g, ""));
    const target = join(cache, "snapshots", commit, file);
    if (!existsSync(target)) {
      const blob = join(cache, "blobs", etag || `${commit}-${file.replaceAll("/", "-")}`);
      const hashPrefix = /^[a-f0-9]{64}$/.test(etag) ? etag : null; // of large files the ETag is the SHA-256
      await download(url, blob, { hashPrefix, progress, headers });
      await mkdir(dirname(target), { recursive: true });
      await symlink(relative(dirname(target), blob), target).catch(() => copyFile(blob, target));
    }
    const ref = join(cache, "refs", revision);
    await mkdir(dirname(ref), { recursive: true });
    if (commit !== revision) await writeFile(ref, commit);
    return target;
  } catch (error) {
    if (known !== undefined) return known; // what the cache has, where the network has nothing
    if (error instanceof ArgumentError) throw error;
    if (error instanceof IOError && error.cause !== undefined) throw error; // the download has said it
    throw told(error instanceof IOError ? error : new IOError(reasonOf(error)), url, join(cache, "snapshots", revision, file)); // biome-ignore format: one line
  }
}

/** Whether a part of a path is one: no way up, no separators of any system. */
const isPart = (part: string) => !["", ".", ".."].includes(part) && !/[\\\0:]/.test(part);

/** A header that can be the name of a file; nothing of another. */
const named = (header: string | undefined) => (header !== undefined && /^[\w-]{1,128}$/.test(header) ? header : "");

/** Whether an answer sends to another path of the same server. */
function isMove({ status, headers }: Answer, url: string): boolean {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, url)) return false;
  return new URL(location, url).origin === new URL(url).origin;
}

/** Where Hugging Face's own library keeps files. */
function cacheFolder(): string {
  return process.env.HF_HUB_CACHE || process.env.HUGGINGFACE_HUB_CACHE || join(home(), "hub");
}
function tokenFile(): string {
  return process.env.HF_TOKEN_PATH || join(home(), "token");
}

function home(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env;
  return HF_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface");
}

/** The file in the cache, of the commit that the revision last was. */
async function cached(cache: string, revision: string, file: string): Promise<string | undefined> {
  const commit = await readFile(join(cache, "refs", revision), "utf8").catch(() => revision);
  const path = join(cache, "snapshots", commit.trim(), file);
  return existsSync(path) ? path : undefined;
}

function hint(status: number, token: string): string {
  if (status === 404) return ", there is no such repository, file or revision";
  if (status !== 401 && status !== 403) return "";
  return token === "" ? ", it needs a token: set HF_TOKEN" : ", this token may not read it";
}
