/**
 * Requests through the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in either case), which Node's fetch leaves out;
 * undici, of which that fetch is made, has an agent for them. NODE_EXTRA_CA_CERTS is Node's own.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Dispatcher } from "undici";
import { ArgumentError, IOError } from "../errors.js";
import { describe } from "../tensor/base.js";

/** A response, its body in parts. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends it before its end. */
  cancel(): void;
}

let offline: boolean | undefined;

/** Says that nothing may be downloaded: files come from the cache alone. Default: what CANDLEWICK_OFFLINE says, or HF_HUB_OFFLINE. */
export function setOffline(value: boolean): void {
  if (typeof value !== "boolean")
    throw new ArgumentError(`hub.setOffline: expected a boolean, received ${describe(value)}`);
  offline = value;
}

function isOffline(): boolean {
  const set = (name: string) => !["", "0", "false", "no"].includes((process.env[name] ?? "").toLowerCase());
  return offline ?? (set("CANDLEWICK_OFFLINE") || set("HF_HUB_OFFLINE"));
}

let agent: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;

/** The agent for the proxies that are set now. */
async function dispatcher(): Promise<Dispatcher> {
  const set = (name: string) => process.env[name] ?? process.env[name.toUpperCase()] ?? "";
  const [httpProxy, httpsProxy] = [withScheme(set("http_proxy")), withScheme(set("https_proxy"))];
  const key = [httpProxy, httpsProxy, set("no_proxy")].join("\n");
  if (agent?.key === key) return agent.dispatcher;
  const { EnvHttpProxyAgent } = await import("undici");
  const timeouts = { connectTimeout: 20_000, headersTimeout: 30_000, bodyTimeout: 30_000 };
  // Without a tunnel for http: many proxies open one to port 443 only.
  agent = { key, dispatcher: new EnvHttpProxyAgent({ ...timeouts, httpProxy, httpsProxy, proxyTunnel: false }) };
  return agent.dispatcher;
}

/** A proxy's address; `host:port` is one of http. */
const withScheme = (proxy: string) => (proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`);

/** How a request is made. */
export interface RequestOptions {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether redirects are followed. Default true. */
  readonly follow?: boolean;
}

/** Sends a request; a `file:` address is a file of this machine. Errors: the offline switch; what the network says, with its cause. */
export async function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  if (new URL(url).protocol === "file:") return fileAnswer(fileURLToPath(url));
  if (isOffline()) throw new IOError("downloads are switched off (CANDLEWICK_OFFLINE or hub.setOffline)");
  const { fetch } = await import("undici");
  const abort = new AbortController();
  const response = await fetch(url, {
    method: options.method ?? "GET",
    headers: { "user-agent": "candlewick", "accept-encoding": "identity", ...options.headers },
    redirect: options.follow === false ? "manual" : "follow",
    dispatcher: await dispatcher(),
    signal: abort.signal,
  });
  return {
    status: response.status,
    headers: new Map(response.headers),
    body: response.body ?? emptyBody(),
    cancel: () => abort.abort(),
  };
}

/** A file of this machine as a response. */
async function fileAnswer(path: string): Promise<Answer> {
  const { size } = await stat(path);
  const body = createReadStream(path);
  return { status: 200, headers: new Map([["content-length", String(size)]]), body, cancel: () => body.destroy() };
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void, undefined> {}

/** What went wrong, down to its cause: `connect ECONNREFUSED 127.0.0.1:9`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join("; ");
  return error.message || error.name;
}
