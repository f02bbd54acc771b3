/**
 * Requests through the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in either case), which Node's fetch leaves out;
 * undici, of which that fetch is made, has an agent for them. NODE_EXTRA_CA_CERTS is Node's own.
 */
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
  const names = ["http_proxy", "https_proxy", "no_proxy"];
  const key = names.map((name) => process.env[name] ?? process.env[name.toUpperCase()] ?? "").join("\n");
  if (agent?.key === key) return agent.dispatcher;
  const { EnvHttpProxyAgent } = await import("undici");
  agent = {
    key,
    dispatcher: new EnvHttpProxyAgent({ connectTimeout: 20_000, headersTimeout: 60_000, bodyTimeout: 60_000 }),
  };
  return agent.dispatcher;
}

/** How a request is made. */
export interface RequestOptions {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether redirects are followed. Default true. */
  readonly follow?: boolean;
}

/** Sends a request. Errors: the offline switch; what the network says, with its cause. */
export async function request(url: string, options: RequestOptions = {}): Promise<Answer> {
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

async function* emptyBody(): AsyncGenerator<Uint8Array, void, undefined> {}

/** What went wrong, down to its cause: `connect ECONNREFUSED 127.0.0.1:9`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join("; ");
  return error.message || error.name;
}
