/** Every public function and method takes all of PyTorch's arguments by name (API.md, rule 4). */
import { describe, expect, test } from "vitest";
import { checkByName } from "./conformance/by-name.js";
import { fixtureFile, lines } from "./conformance/samples.js";

describe("arguments by name", () => {
  test("PyTorch's samples give by name what they give by position", () => {
    const tried = new Set<string>();
    const wrong = new Set<string>();
    for (const line of lines(fixtureFile("ops.jsonl.gz"))) {
      const found = checkByName(line);
      for (const title of found.tried) tried.add(title);
      for (const text of found.wrong) wrong.add(text);
    }
    expect([...wrong].sort()).toEqual([]);
    expect(tried.size).toBeGreaterThan(500);
  });
});
