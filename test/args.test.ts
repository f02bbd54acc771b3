import { describe, expect, expectTypeOf, test } from "vitest";
import { type Args, readArgs, readShape } from "../lib/args.js";

interface Options {
  dim?: number;
  keepdim?: boolean;
}
type Call = Args<Options, ["dim", "keepdim"]>;
const read = (...args: Call) => readArgs<Options>("sum", ["dim", "keepdim"], args);

describe("readArgs", () => {
  test("positions, then names", () => {
    expect(read()).toEqual({});
    expect(read(1)).toEqual({ dim: 1 });
    expect(read(1, true)).toEqual({ dim: 1, keepdim: true });
    expect(read({ keepdim: true })).toEqual({ keepdim: true });
    expect(read(1, { keepdim: true })).toEqual({ dim: 1, keepdim: true });
    expect(read(undefined, true)).toEqual({ keepdim: true });
    expectTypeOf<[1, { keepdim: true }]>().toExtend<Call>();
    expectTypeOf<[true]>().not.toExtend<Call>();
  });

  test("errors are Python's", () => {
    const js =
      (...args: unknown[]) =>
      () =>
        readArgs<Options>("sum", ["dim", "keepdim"], args);
    expect(js({ axis: 1 })).toThrow("sum() got an unexpected keyword argument 'axis'");
    expect(js(1, { dim: 2 })).toThrow("sum() got multiple values for argument 'dim'");
    expect(js(1, true, 3)).toThrow("sum() takes at most 2 positional arguments but 3 were given");
  });
});

test("readShape", () => {
  expect(readShape<Options>("zeros", ["dim"], [2, 3])).toEqual([[2, 3], {}]);
  expect(readShape<Options>("zeros", ["dim"], [[2, 3], { dim: 1 }])).toEqual([[2, 3], { dim: 1 }]);
  expect(() => readShape<Options>("zeros", ["dim"], [[2], 3])).toThrow("received both");
});
