/** The hub against a server of our own: slow, dropping, lying, redirecting. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as torch from "../../lib/index.js";
import { type BadServer, serve } from "./server.js";

const { hub } = torch;
const folder = mkdtempSync(join(tmpdir(), "candlewick-hub-"));
const weights = { weight: torch.arange(100_000) };
const bytes = Buffer.from(torch.saveSync(weights));
const digest = createHash("sha256").update(bytes).digest("hex");
const name = `tiny-${digest.slice(0, 8)}.pth`;
const saved = { ...process.env };
let server: BadServer;
let number = 0;

beforeAll(async () => {
  server = await serve(bytes);
});
beforeEach(() => {
  for (const key of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"]) delete process.env[key]; // biome-ignore format: one line
  process.env.TORCH_HOME = join(folder, `home-${number++}`);
  Object.assign(server.behaviour, { etag: '"one"', body: bytes, drops: 0, noRanges: false, careless: false, delay: 0, lie: 0, status: 200, headers: {}, gzip: false }); // biome-ignore format: one line
  server.requests.length = 0;
});
afterEach(() => {
  hub.setOffline(false);
  process.env = { ...saved };
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const load = (url = `${server.url}/${name}`, options = {}) =>
  hub.loadStateDictFromUrl(url, { progress: false, ...options });
const cache = () => join(hub.getDir(), "checkpoints");

test("weights are downloaded once, into PyTorch's cache, and verified by their name", async () => {
  expect((await load()).weight?.equal(weights.weight)).toBe(true);
  expect(readdirSync(cache())).toEqual([name]);
  await load();
  expect(server.requests.length).toBe(1);
  writeFileSync(join(cache(), name), torch.saveSync({ weight: torch.ones(1) }));
  expect((await load()).weight?.numel()).toBe(1); // what is there is taken as it is
  await expect(load(undefined, { checkHash: true })).rejects.toThrow(
    `invalid hash value (expected "${digest.slice(0, 8)}"`,
  );
  expect((await load(`${server.url}/moved/x/${name}`, { modelDir: join(folder, "own"), fileName: "a.pth" })).weight?.numel()).toBe(100_000); // biome-ignore format: one line
  expect(existsSync(join(folder, "own", "a.pth"))).toBe(true);
});

test("where the cache is: TORCH_HOME, XDG_CACHE_HOME, setDir", () => {
  process.env.TORCH_HOME = "/t";
  expect(hub.getDir()).toBe(join("/t", "hub"));
  delete process.env.TORCH_HOME;
  process.env.XDG_CACHE_HOME = "/x";
  expect(hub.getDir()).toBe(join("/x", "torch", "hub"));
});

test("a connection that drops is gone on with", async () => {
  server.behaviour.drops = 3;
  expect((await load()).weight?.numel()).toBe(100_000);
  const ranges = server.requests.map(({ headers }) => headers.range);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.slice(1).every((range) => /^bytes=\d+-$/.test(range ?? ""))).toBe(true);
  expect(server.requests[1]?.headers["if-range"]).toBe('"one"');
});

test("a file that has changed, or a server without ranges, begins again", async () => {
  for (const change of [{ etag: '"two"' }, { noRanges: true }]) {
    mkdirSync(cache(), { recursive: true });
    writeFileSync(join(cache(), `${name}.part`), "rubbish of another file");
    writeFileSync(join(cache(), `${name}.part.json`), JSON.stringify({ validator: '"one"' }));
    Object.assign(server.behaviour, change);
    expect((await load()).weight?.numel()).toBe(100_000);
    expect(readdirSync(cache())).toEqual([name]);
    rmSync(cache(), { recursive: true });
  }
  // A part that is longer than the file.
  mkdirSync(cache(), { recursive: true });
  writeFileSync(join(cache(), `${name}.part`), Buffer.concat([bytes, bytes]));
  writeFileSync(join(cache(), `${name}.part.json`), JSON.stringify({ validator: '"two"' }));
  Object.assign(server.behaviour, { etag: '"two"', noRanges: false });
  expect((await load()).weight?.numel()).toBe(100_000);
});

test("a server that goes on with a file that has changed: no mixture of the two", async () => {
  const path = join(folder, "mixed.bin");
  Object.assign(server.behaviour, { drops: 1, careless: true });
  const done = hub.download(`${server.url}/mixed.bin`, path, { progress: false });
  await vi.waitFor(() => expect(server.requests.length).toBe(1), 20_000);
  const other = Buffer.alloc(bytes.length + 5000, 7);
  Object.assign(server.behaviour, { etag: '"two"', body: other });
  await done;
  expect(readFileSync(path).equals(other)).toBe(true);
});

test("a lock that is taken away, a folder that cannot be made, a number in a name", async () => {
  server.behaviour.delay = 60;
  const path = join(folder, "unlocked.bin");
  const done = hub.download(`${server.url}/unlocked.bin`, path, { progress: false });
  await vi.waitFor(() => expect(existsSync(`${path}.lock`)).toBe(true), 20_000);
  rmSync(`${path}.lock`, { recursive: true });
  await done;
  expect(readFileSync(path).equals(bytes)).toBe(true);
  server.behaviour.delay = 0;
  writeFileSync(join(folder, "file"), "");
  for (const home of ["/dev/null", join(folder, "file")]) {
    process.env.TORCH_HOME = home;
    await expect(load()).rejects.toThrow(torch.IOError);
    await expect(load()).rejects.toThrow(/could not be downloaded: .*Get it from/);
  }
  process.env.TORCH_HOME = join(folder, "numbers");
  expect((await load(`${server.url}/model-10.pth`)).weight?.numel()).toBe(100_000);
});

test("wrong bytes, lies about lengths, errors: a clear error, and nothing in the cache", async () => {
  server.behaviour.body = Buffer.from("<html>not the file</html>");
  await expect(load()).rejects.toThrow(`invalid hash value (expected "${digest.slice(0, 8)}"`);
  Object.assign(server.behaviour, { body: bytes, lie: 10 });
  await expect(load()).rejects.toThrow(/could not be downloaded: .* put it at .*tiny-/s);
  Object.assign(server.behaviour, { lie: 0, status: 404 });
  await expect(load()).rejects.toThrow("HTTP 404");
  expect(server.requests.length).toBeGreaterThan(2);
  server.requests.length = 0;
  server.behaviour.status = 503;
  await expect(load()).rejects.toThrow("HTTP 503");
  expect(server.requests.length).toBe(5);
  expect(readdirSync(cache()).filter((file) => file.endsWith(".pth"))).toEqual([]);
}, 60_000);

test("no network: the address and the path are named; the offline switch", async () => {
  await expect(load(`http://127.0.0.1:9/${name}`)).rejects.toThrow(/ECONNREFUSED|bad port/);
  hub.setOffline(true);
  await expect(load()).rejects.toThrow("downloads are switched off");
  await expect(load("no address")).rejects.toThrow("expected an address");
}, 30_000);

/** Loads weights in a process of its own, and prints how many they are. */
function elsewhere(url: string, env: NodeJS.ProcessEnv = {}): Promise<{ stdout: string }> {
  const hubFile = JSON.stringify(new URL("../../lib/hub/index.ts", import.meta.url).href);
  const code = `import { loadStateDictFromUrl } from ${hubFile};
    console.log((await loadStateDictFromUrl(process.argv[1], { progress: false })).weight.numel());`;
  const args = ["--import", "tsx", "--input-type=module", "-e", code, url];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  return promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env }, cwd });
}

test("two processes download a file once", async () => {
  Object.assign(server.behaviour, { delay: 60 });
  const url = `${server.url}/${name}`;
  const both = await Promise.all([elsewhere(url), elsewhere(url)]);
  expect(both.map(({ stdout }) => stdout)).toEqual(["100000\n", "100000\n"]);
  expect(server.requests.length).toBe(1);
}, 60_000);

test("a server that a certificate of NODE_EXTRA_CA_CERTS vouches for", async () => {
  const pem = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const tls = { key: readFileSync(pem("key.pem")), cert: readFileSync(pem("cert.pem")) };
  const secure = createSecureServer(tls, (_, response) => response.end(bytes));
  await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/${name}`;
  await expect(elsewhere(url)).rejects.toThrow("self-signed certificate");
  expect((await elsewhere(url, { NODE_EXTRA_CA_CERTS: pem("cert.pem") })).stdout).toBe("100000\n");
  secure.closeAllConnections();
  secure.close();
}, 60_000);

test("proxies of the environment are used, and not where NO_PROXY says", async () => {
  const asked: string[] = [];
  // As many proxies do, it forwards http and opens tunnels for https alone.
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? "");
    get(request.url ?? "", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
  });
  proxy.on("connect", (request, client, head) => {
    if ((request.url ?? "").endsWith(new URL(server.url).port)) return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    asked.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  process.env.http_proxy = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  expect((await load()).weight?.numel()).toBe(100_000);
  expect(asked).toEqual([`${server.url}/${name}`]);
  rmSync(cache(), { recursive: true });
  process.env.no_proxy = "127.0.0.1";
  await load();
  expect(asked.length).toBe(1);
  proxy.closeAllConnections();
  proxy.close();
});

test("many drops with progress; a busy server's pause; packed bodies; files", async () => {
  server.behaviour.drops = 8; // half of the rest each time: more than five tries, each of which brings something
  expect((await load()).weight?.numel()).toBe(100_000);
  rmSync(cache(), { recursive: true });
  Object.assign(server.behaviour, { busy: 1, headers: { "retry-after": "1" } });
  const start = performance.now();
  await load();
  expect(performance.now() - start).toBeGreaterThan(900);
  rmSync(cache(), { recursive: true });
  server.behaviour.gzip = true;
  expect((await load()).weight?.numel()).toBe(100_000);
  server.behaviour.gzip = false;
  const here = join(folder, "here.pth");
  writeFileSync(here, bytes);
  expect((await load(pathToFileURL(here).href)).weight?.numel()).toBe(100_000);
  await expect(load(pathToFileURL(join(folder, "none.pth")).href)).rejects.toThrow("no such file or directory");
  const log: string[] = [];
  server.behaviour.drops = 1;
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => log.push(String(text)) > 0);
  await load(`${server.url}/again.pth`, { progress: true });
  write.mockRestore();
  expect(log.join("")).toMatch(/again\.pth: .+; trying again\n/);
}, 60_000);

test("digits in names: dates and steps are no hashes; checkHash wants some", async () => {
  for (const name of ["model-20240131.pth", "step-00012345.pth"]) {
    expect((await load(`${server.url}/${name}`)).weight?.numel()).toBe(100_000);
  }
  await expect(
    load(`${server.url}/step-00012345.pth`, { fileName: "other-00012345.pth", checkHash: true }),
  ).rejects.toThrow('invalid hash value (expected "00012345"');
  const asked = server.requests.length;
  await expect(load(`${server.url}/model.pth`, { checkHash: true })).rejects.toThrow(
    "checkHash needs the digits of the SHA-256 in the file's name, as in resnet18-f37072fd.pth; received model.pth",
  );
  expect(server.requests.length).toBe(asked);
});

test("a server that gives a part of a part", async () => {
  const parts = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const end = Math.min(bytes.length, from + Math.ceil(bytes.length / 3));
    const headers = {
      etag: '"x"',
      "content-length": end - from,
      "content-range": `bytes ${from}-${end - 1}/${bytes.length}`,
    };
    if (from > 0) return void response.writeHead(206, headers).end(bytes.subarray(from, end));
    response.writeHead(200, { etag: '"x"', "content-length": bytes.length }).write(bytes.subarray(0, 1000));
    setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>((resolve) => parts.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(parts.address() as AddressInfo).port}/parts.pth`;
    expect((await load(url)).weight?.numel()).toBe(100_000);
  } finally {
    parts.close();
  }
}, 30_000);

test("Hugging Face's files, in its cache, with a token", async () => {
  process.env.HF_ENDPOINT = server.url;
  process.env.HF_HOME = join(folder, "hf");
  process.env.HF_TOKEN = "secret";
  server.behaviour.body = Buffer.from(torch.safetensors.saveSync(weights));
  const path = await hub.huggingface("timm/tiny", "model.safetensors", { progress: false });
  expect(path).toBe(join(folder, "hf/hub/models--timm--tiny/snapshots/main/model.safetensors"));
  expect((await torch.safetensors.load(path)).weight?.numel()).toBe(100_000);
  expect(server.requests.map((r) => [r.method, r.url, r.headers.authorization])).toEqual([
    ["HEAD", "/timm/tiny/resolve/main/model.safetensors", "Bearer secret"],
    ["GET", "/timm/tiny/resolve/main/model.safetensors", "Bearer secret"],
  ]);
  process.env.HF_HUB_CACHE = join(folder, "hf-cache");
  process.env.HF_ENDPOINT = `${server.url}/`; // people write it with its slash too
  const renamed = await hub.huggingface("renamed/tiny", "model.safetensors", { progress: false });
  expect(renamed).toBe(join(folder, "hf-cache/models--renamed--tiny/snapshots/main/model.safetensors"));
  expect(server.requests.at(-1)?.url).toBe("/new/tiny/resolve/main/model.safetensors");
  server.behaviour.busy = 1; // a busy server is asked again
  await hub.huggingface("busy/tiny", "model.safetensors", { progress: false });
  expect(server.requests.filter((r) => r.url.startsWith("/busy")).map((r) => r.method)).toEqual([
    "HEAD",
    "HEAD",
    "GET",
  ]);
  delete process.env.HF_HUB_CACHE;
  hub.setOffline(true);
  expect(await hub.huggingface("timm/tiny", "model.safetensors")).toBe(path); // what the cache has
  await expect(hub.huggingface("timm/none", "model.safetensors")).rejects.toThrow("switched off");
  await expect(hub.huggingface("timm", "x")).rejects.toThrow('expected a repository "owner/name"');
  await expect(hub.huggingface("a/b", "../x")).rejects.toThrow("expected a file of the repository");
  hub.setOffline(false);
  server.behaviour.status = 401;
  await expect(hub.huggingface("timm/other", "x")).rejects.toThrow("HTTP 401, this token may not read it");
  expect(readFileSync(path).length).toBeGreaterThan(0);
});

test("what Hugging Face's server says names no files outside of the cache", async () => {
  process.env.HF_HOME = join(folder, "hf-home");
  const hostile = createServer((_, response) => {
    response
      .writeHead(200, { etag: '"../../../../escaped-etag"', "x-repo-commit": "../../../escaped-commit" })
      .end("x");
  });
  await new Promise<void>((resolve) => hostile.listen(0, "127.0.0.1", resolve));
  process.env.HF_ENDPOINT = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`;
  try {
    const path = await hub.huggingface("a/b", "my file#1.bin", { progress: false });
    expect(path).toBe(join(folder, "hf-home/hub/models--a--b/snapshots/main/my file#1.bin"));
    expect(readdirSync(join(folder, "hf-home"))).toEqual(["hub"]);
    expect(existsSync(join(folder, "escaped-etag"))).toBe(false);
    for (const [repo, file, revision] of [
      ["../..", "x", "main"],
      ["a/b", "..\\x", "main"],
      ["a/b", "x", "../.."],
    ] as const) {
      await expect(hub.huggingface(repo, file, { revision })).rejects.toThrow(/hub.huggingface: expected/);
    }
  } finally {
    hostile.close();
  }
});
