/** PyTorch's samples, one line of JSON each. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FIXTURES = new URL("../fixtures/pytorch/", import.meta.url);

function text(file: string | URL): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** The lines of a file, gzipped or not. */
export function lines(file: string | URL): string[] {
  return text(file)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** A file of test/fixtures/pytorch. */
export function fixtureFile(name: string): URL {
  return new URL(name, FIXTURES);
}
