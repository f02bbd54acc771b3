/** Files that are whole and rare, and values that Python could not read: test/fixtures/files.py. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../lib/cli/command.js";
import { inspect } from "../../lib/cli/inspect.js";
import * as torch from "../../lib/index.js";

const path = (name: string) => fileURLToPath(new URL(`../fixtures/pytorch/files/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candlewick-odd-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
/** An archive of torch.save around a pickle, without checksums. */
function archive(pickle: Buffer): Buffer {
  const name = Buffer.from("a/data.pkl");
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  for (const [header, offset] of [
    [local, 18],
    [entry, 20],
  ] as const) {
    // biome-ignore format: one line
    header.writeUInt32LE(pickle.length, offset);
    header.writeUInt32LE(pickle.length, offset + 4);
    header.writeUInt16LE(name.length, offset + 8);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + pickle.length, 16);
  return Buffer.concat([local, name, pickle, entry, name, end]);
}

describe("files of Python", () => {
  test("the other sign, no checksums, protocol 0", async () => {
    expect(((await torch.load(path("negative.pth"))) as { im: torch.Tensor }).im.tolist()).toEqual([-2, -4]);
    expect(((await torch.load(path("no-checksums.pth"))) as { a: torch.Tensor }).a.tolist()).toEqual([0, 1, 2, 3, 4]);
    expect(await torch.pickle.load(path("protocol-0.pkl"))).toEqual({ é: "Ж\\u1\n", b: new Uint8Array([120, 255]) });
  });

  test("types that no tensor has are named; as records they let the others be read", async () => {
    await expect(torch.load(path("odd-types.pth"))).rejects.toThrow(/torch.uint16: tensors of uint16 are not supported: .* unknown: "record"/s); // biome-ignore format: one line
    const odd = (await torch.load(path("odd-types.pth"), { unknown: "record" })) as Record<string, unknown>;
    expect((odd.w as torch.Tensor).tolist()).toEqual([1, 1]);
    for (const name of ["uint16", "float8", "complex", "random", "labels", "z"]) {
      expect([name, odd[name] instanceof torch.PickleRecord]).toEqual([name, true]);
    }
    await expect(torch.load(path("legacy-module.pth"))).rejects.toThrow("The file holds a whole module");
    expect(await torch.load(path("legacy-module.pth"), { unknown: "record" })).toBeInstanceOf(torch.PickleRecord);
  });

  test("text that is no text is an error", async () => {
    await expect(torch.pickle.load(path("surrogate.pkl"))).rejects.toThrow("half of a surrogate pair");
    await expect(torch.pickle.load(Buffer.from("\x80\x02X\x02\0\0\0\xff\xfe.", "latin1"))).rejects.toThrow("no UTF-8");
  });

  test("large and hostile shapes of files", async () => {
    const zeros = torch.numpy.saveSync({ m: torch.zeros(20_000_000) }, null, { compress: true });
    expect((torch.numpy.loadSync(zeros) as Record<string, torch.Tensor>).m?.numel()).toBe(20_000_000);
    const many = archive(Buffer.from(`\x80\x02]q\0](${"h\0".repeat(200_000)}e.`, "latin1"));
    writeFileSync(at("many.pth"), many);
    expect((await runCommand([inspect], ["inspect", at("many.pth")])).out).toContain("more");
    const key = archive(Buffer.from("\x80\x02}ccollections\nOrderedDict\n)RK\x01s.", "latin1"));
    writeFileSync(at("key.pth"), key);
    expect((await runCommand([inspect], ["inspect", at("key.pth")])).code).toBe(0);
    const size = archive(Buffer.from("\x80\x02]q\0](h\0h\0e.", "latin1"));
    expect(await torch.load(size)).toEqual([[], []]);
  });
});

describe("inspect", () => {
  const run = (...args: string[]) => runCommand([inspect], ["inspect", ...args]);

  test("shows what cannot be read, files without tensors, and the good beside the bad", async () => {
    expect((await run(path("float8.safetensors"))).out).toContain("(safetensors.F8_E4M3, which is not read)");
    expect((await run(path("strings.npz"))).out).toContain("(numpy.<U1, which is not read)");
    expect((await run(path("odd-types.pth"))).out).toContain("w     [2]    float32   8 B");
    torch.saveSync({ epoch: 3, history: [1, 2] }, at("values.pth"));
    const both = await run(at("values.pth"), at("none.pth"));
    expect([both.code, both.out.includes("epoch    3"), both.err.includes("none.pth: No such file")]).toEqual([
      1,
      true,
      true,
    ]);
    expect((await runCommand([inspect], ["--version"])).out.trim()).toBe(torch.__version__);
  });
});

describe("saving", () => {
  test("keys and items of sets are what Python can hash", async () => {
    expect(await torch.load(await torch.save(new Set([[1, 2]])))).toEqual(new Set([[1, 2]]));
    const wrong: [unknown, string][] = [
      [new Set([{ a: 1 }]), "that Python can hash, received Object"],
      [new Map([[new Map(), 1]]), "that Python can hash, received Map"],
      [new Map<unknown, number>([[1, 2], [true, 6]]), "1 and true are one key in Python"], // biome-ignore format: one line
      [[2n ** 2048n], "at [0]: an integer of more than 2032 bits"],
    ];
    for (const [value, message] of wrong) await expect(torch.save(value)).rejects.toThrow(message);
  });

  test("a link to no file is followed; a device is written to and stays", () => {
    symlinkSync("real.pth", at("link.pth"));
    torch.saveSync([1], at("link.pth"));
    expect([lstatSync(at("link.pth")).isSymbolicLink(), existsSync(at("real.pth"))]).toEqual([true, true]);
    if (process.platform === "win32") return;
    execFileSync("mkfifo", [at("pipe")]);
    // A reader, so that the pipe can be opened for writing.
    execFileSync("sh", ["-c", `cat '${at("pipe")}' > '${at("copy.pth")}' & '${process.execPath}' --import tsx -e "
      import('${new URL("../../lib/index.ts", import.meta.url).href}').then((torch) => torch.saveSync([1], '${at("pipe")}'))" && wait`]); // biome-ignore format: one line
    expect(statSync(at("pipe")).isFIFO()).toBe(true);
    expect(torch.loadSync(readFileSync(at("copy.pth")))).toEqual([1]);
  });

  test("a learning rate may be a tensor", () => {
    const p = new torch.nn.Parameter(torch.ones(2));
    const optimizer = new torch.optim.SGD([p], { lr: torch.tensor(0.5) as never });
    p.grad = torch.ones(2);
    optimizer.step();
    expect(p.tolist()).toEqual([0.5, 0.5]);
  });
});
