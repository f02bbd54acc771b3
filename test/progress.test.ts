import { expect, test } from "vitest";
import { progress } from "../lib/progress.js";

function recorder(isTTY: boolean) {
  const text: string[] = [];
  return { isTTY, columns: 60, write: (s: string) => text.push(s), text };
}

test("plain lines in a log", async () => {
  const stream = recorder(false);
  const bar = progress([1, 2, 3], { desc: "epoch 1", stream });
  const seen: number[] = [];
  for (const i of bar) {
    seen.push(i);
    bar.setPostfix({ loss: 0.12345, n: i });
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(stream.text.length).toBe(1);
  expect(stream.text[0]).toMatch(/^epoch 1: 3\/3 \[\d+\.\ds, \S+\/s, loss=0\.123, n=3\]\n$/);
});

test("a bar on a terminal, for asynchronous iterables too", async () => {
  const stream = recorder(true);
  async function* source() {
    yield* [1, 2];
  }
  for await (const _ of progress(source(), { total: 2, stream })) {
    // nothing to do
  }
  expect(stream.text.at(-1)?.replace("\x1b[K", "")).toMatch(/^\r100%\|█+\| 2\/2 \[.*\]\n$/);
  expect(() => [...progress(source(), { stream })]).toThrow("for await");
});
