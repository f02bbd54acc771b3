/** A server that does what servers do on bad days. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** What is served, and how. */
export interface Behaviour {
  body: Buffer;
  etag: string;
  /** How many requests break off in the middle. */
  drops: number;
  /** Whether ranges are ignored. */
  noRanges: boolean;
  /** Whether ranges are given of a file that has changed since. */
  careless: boolean;
  /** Milliseconds between pieces of the body. */
  delay: number;
  /** Added to the length that is announced. */
  lie: number;
  status: number;
  /** How many requests are told to come again later. */
  busy: number;
  /** More headers of every answer. */
  headers: Record<string, string>;
  /** Whether bodies are compressed, whatever was asked for. */
  gzip: boolean;
}

/** A running server: its address, what it does next, what it was asked. */
export interface BadServer {
  readonly url: string;
  readonly behaviour: Behaviour;
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingMessage["headers"] }[];
  close(): void;
}

/** Starts a server that serves `body` under every path; `/moved/...` redirects. */
export async function serve(body: Buffer): Promise<BadServer> {
  const behaviour: Behaviour = {
    body,
    etag: '"one"',
    drops: 0,
    noRanges: false,
    careless: false,
    delay: 0,
    lie: 0,
    status: 200,
    busy: 0,
    headers: {},
    gzip: false,
  };
  const requests: BadServer["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    void answer(request, response, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, behaviour, requests, close };
}

async function answer(request: IncomingMessage, response: ServerResponse, o: Behaviour): Promise<void> {
  if (request.url?.startsWith("/moved/") === true) {
    response.writeHead(302, { location: request.url.replace("/moved", "") }).end();
    return;
  }
  if (request.url?.startsWith("/renamed/") === true) {
    response.writeHead(307, { location: request.url.replace("/renamed", "/new") }).end();
    return;
  }
  if (o.status !== 200 || o.busy > 0) {
    response.writeHead(o.busy > 0 ? 503 : o.status, o.headers).end("no");
    if (o.busy > 0) o.busy--;
    return;
  }
  if (o.gzip) {
    const packed = gzipSync(o.body);
    response.writeHead(200, { etag: o.etag, "content-encoding": "gzip", "content-length": packed.length }).end(packed);
    return;
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const partial = from > 0 && !o.noRanges && (o.careless || request.headers["if-range"] === o.etag);
  if (partial && from >= o.body.length) {
    response.writeHead(416).end();
    return;
  }
  const rest = partial ? o.body.subarray(from) : o.body;
  response.writeHead(partial ? 206 : 200, {
    ...{ etag: o.etag, "content-length": rest.length + o.lie },
    ...(partial ? { "content-range": `bytes ${from}-${o.body.length - 1}/${o.body.length}` } : {}),
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const drop = o.drops > 0;
  if (drop) o.drops--;
  const end = drop ? Math.floor(rest.length / 2) : rest.length;
  const step = Math.max(1, Math.ceil(rest.length / 8));
  for (let at = 0; at < end; at += step) {
    response.write(rest.subarray(at, Math.min(end, at + step)));
    await new Promise((resolve) => setTimeout(resolve, o.delay));
  }
  if (drop || o.lie > 0) setTimeout(() => response.destroy(), 20);
  else response.end();
}
