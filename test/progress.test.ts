/** Bars: tqdm's text, terminals, logs, loops in loops. */
import { describe, expect, test } from "vitest";
import { progress } from "../lib/progress/index.js";
import { barLine, interval, type Meter, plainLine, scaled } from "../lib/progress/meter.js";
import { cutTo, widthOf } from "../lib/progress/width.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters of a terminal
const PARTS = /\x1b\[\d*[A-Z]|[\r\n]|[^\x1b\r\n]+/g;

/** A terminal of `columns` x many rows: what is seen after what was written. */
function screen(columns = 60) {
  const rows: string[] = [""];
  let row = 0;
  const write = (text: string) => {
    for (const part of text.match(PARTS) ?? []) {
      const up = /^.\[(\d+)A$/.exec(part)?.[1];
      if (part === "\n") row++;
      else if (up !== undefined) row -= Number(up);
      else if (part === "\x1b[J") rows.length = row + 1;
      else if (part !== "\r" && !part.startsWith("\x1b")) rows[row] = part;
      rows[row] ??= "";
    }
  };
  return { isTTY: true, columns, write, rows };
}
function log() {
  const text: string[] = [];
  return { isTTY: false, write: (s: string) => text.push(s), text };
}
const meter = (o: Partial<Meter>): Meter => ({ desc: "", n: 45, total: 100, elapsed: 2, rate: 18.5, unit: "it", unitScale: false, postfix: "", ...o }); // biome-ignore format: one line

describe("a line", () => {
  test("is tqdm's", () => {
    // tqdm.format_meter(45, 100, 2, ncols=60, prefix="train", rate=18.5, postfix="loss=0.123"), ...
    expect(barLine(meter({ desc: "train", postfix: "loss=0.123" }), 60)).toBe(
      "train:  45%|█▎ | 45/100 [00:02<00:02, 18.50it/s, loss=0.123]",
    );
    expect(barLine(meter({}), 50)).toBe(" 45%|█████▍      | 45/100 [00:02<00:02, 18.50it/s]");
    expect(barLine(meter({ total: undefined }), 50)).toBe("45it [00:02, 18.50it/s]");
    expect(barLine(meter({ rate: 0.25, n: 4, total: 3 }), 50)).toBe("4it [00:02,  4.00s/it]");
    expect(barLine(meter({ n: 0, rate: undefined }), 45)).toBe("  0%|                | 0/100 [00:02<?, ?it/s]");
    expect(barLine(meter({ n: 12_300_000, total: 45e6, unit: "B", unitScale: true, rate: 3.2e6 }), 60)).toBe(" 27%|████▉             | 12.3M/45.0M [00:02<00:10, 3.20MB/s]"); // biome-ignore format: one line
    expect(plainLine(meter({ desc: "train" }))).toBe("train: 45% 45/100 [00:02<00:02, 18.50it/s]");
    expect([interval(59.9), interval(61), interval(3725)]).toEqual(["00:59", "01:01", "1:02:05"]);
    expect([0, 9.994, 9.996, 999.6, 1234, 1e6].map(scaled)).toEqual([
      "0.00",
      "9.99",
      "10.0",
      "1.00k",
      "1.23k",
      "1.00M",
    ]);
  });

  test("is as wide as the terminal, also with wide letters", () => {
    for (const desc of ["에폭 1/3", "学習", "é", "👩‍💻 ok"]) {
      expect(widthOf(barLine(meter({ desc }), 70)), desc).toBe(70);
      for (const columns of [1, 5, 20, 33])
        expect(widthOf(barLine(meter({ desc }), columns))).toBeLessThanOrEqual(columns);
    }
    expect([widthOf("한글"), widthOf("e\u0301"), cutTo("한글x", 3)]).toEqual([4, 1, "한"]);
  });
});

test("plain lines in a log, none where it is disabled", () => {
  const stream = log();
  const bar = progress([1, 2, 3], { desc: "epoch 1", stream, postfix: { lr: 0.1 } });
  const seen: number[] = [];
  for (const i of bar) {
    seen.push(i);
    if (i > 1) bar.setPostfix({ loss: 0.12345, n: i });
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(stream.text.join("")).toMatch(/^epoch 1: 100% 3\/3 \[00:00<00:00, \S+it\/s, loss=0\.123, n=3\]\n$/);
  const silent = log();
  expect([...progress(2, { stream: silent, disable: true })]).toEqual([0, 1]);
  expect(silent.text).toEqual([]);
});

test("bars below each other on a terminal", () => {
  const stream = screen();
  for (const epoch of progress(2, { desc: "epochs", stream })) {
    const inner = progress(["a", "b"], { desc: `epoch ${epoch}`, stream, leave: epoch === 0 });
    for (const item of inner) {
      inner.write(`item ${item}`);
      const [top, bottom] = stream.rows.slice(-2);
      expect([top?.slice(0, 7), bottom?.slice(0, 8)]).toEqual(["epochs:", `epoch ${epoch}:`]);
    }
  }
  expect(stream.rows.map((row) => row.replace(/\|.*/, ""))).toEqual(["item a", "item b", "epoch 0: 100%", "item a", "item b", "epochs: 100%", ""]); // biome-ignore format: one line
});

test("a loop that is left, or fails, ends its bar", async () => {
  const stream = screen();
  for (const i of progress(9, { stream })) if (i === 2) break;
  expect(stream.rows[0]).toMatch(/2\/9/);
  const fails = async () => {
    for await (const _ of progress([1, 2], { stream })) throw new Error("boom");
  };
  await expect(fails()).rejects.toThrow("boom");
  expect(stream.rows.at(-1)).toBe("");
});

test("asynchronous iterables, and what is none", async () => {
  const stream = screen();
  async function* source() {
    yield* [1, 2];
  }
  for await (const _ of progress(source(), { total: 2, stream })) {
    // nothing to do
  }
  expect(stream.rows[0]).toMatch(/^100%\|█+\| 2\/2 \[.*\]$/);
  expect(() => [...progress(source(), { stream })]).toThrow("for await");
  expect(() => progress([1], { totl: 3 } as never)).toThrow("unexpected keyword argument 'totl'");
  expect(() => progress([1], { total: -1 })).toThrow("expected total to be a number of steps, received number -1");
});
