/** The runner's own parts: the reader, the names, the comparison, and that no sample makes it throw. */
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { compare, type Got, signsOf, toleranceOf } from "./compare.js";
import { Float, parseJson } from "./json.js";
import { camelCase, camelPath, functionAt, functionOrMethod, methodOf, NotHere } from "./names.js";
import { nameIn } from "./pool.js";
import { countOf, table } from "./report.js";
import { runSample } from "./sample.js";
import { argumentList, byPosition, isScalar, withTypedScalars } from "./signatures.js";
import type { TensorJson } from "./tensor-json.js";

describe("parseJson", () => {
  test("tells 2 from 2.0", () => {
    expect(parseJson("[2, 2.0, -1e3, -0.5]")).toEqual([2, new Float(2), new Float(-1000), new Float(-0.5)]);
  });
  test("keeps integers past 2^53", () => {
    expect(parseJson("[9007199254740991, -9223372036854775808]")).toEqual([9007199254740991, -9223372036854775808n]);
  });
  test("reads Python's non-finite numbers", () => {
    expect(parseJson("[NaN, Infinity, -Infinity]")).toEqual(
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => new Float(value)),
    );
  });
  test("reads everything else as JSON.parse does", () => {
    const text = '{"a": [true, false, null, {}], "b\\n\\u00e9\\"": "\\\\x", "__proto__": 1, "": []}';
    const read = parseJson(` ${text}\n`);
    expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
  });
  test.each(["", "[1,]", "{1: 2}", '"abc', "[1] 2", "nul", "-", '{"a" 1}'])("refuses %j", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe("names", () => {
  test.each([
    ["log_softmax", "logSoftmax"],
    ["max_pool2d_with_indices", "maxPool2dWithIndices"],
    ["atleast_1d", "atleast1d"],
    ["fill_", "fill_"],
    ["index_put_", "indexPut_"],
    ["_chunk_cat", "_chunkCat"],
    ["UPLO", "UPLO"],
    ["mT", "mT"],
  ])("%s is %s", (python, here) => expect(camelCase(python)).toBe(here));
  test("paths", () => expect(camelPath("nn.functional.cross_entropy")).toBe("nn.functional.crossEntropy"));
  test("functions, then methods, then NotHere", () => {
    expect(functionAt(torch, "nn.functional.log_softmax")).toBe(torch.nn.functional.logSoftmax);
    const x = torch.ones(2);
    expect(functionOrMethod(torch, "expand_dims_of_none").bind(null, x)).toThrow(NotHere);
    expect(functionOrMethod(torch, "item")(torch.tensor(3))).toBe(3);
    expect(String(methodOf(x, "requires_grad_")())).toBe(String(x));
    expect(() => functionAt(torch, "nn.functional.none")).toThrow(NotHere);
  });
  test("a sample's name without reading it", () => {
    expect(nameIn('{"op": "nn.functional.pad", "input')).toBe("nn.functional.pad");
    expect(nameIn("{")).toBe("(unreadable)");
  });
});

describe("calls", () => {
  test("Scalars are told from other numbers by the signatures", () => {
    const places = [isScalar("mul", 1), isScalar("add", "alpha"), isScalar("__rmul__", 1), isScalar("sum", 1)];
    expect(places).toEqual([true, true, true, false]);
    const scalar = (value: number) => `float ${value}`;
    const call = { args: ["x", new Float(2)], kwargs: { alpha: new Float(0.5) } };
    expect(withTypedScalars("add", call, scalar)).toEqual({ args: ["x", "float 2"], kwargs: call.kwargs });
    expect(withTypedScalars("add", { args: ["x", 2], kwargs: {} }, scalar)).toBeNull();
  });
  test("names become options", () => {
    const kwargs = { ceil_mode: true, scale_factor: [new Float(2)] };
    expect(argumentList({ args: [1], kwargs })).toEqual([1, { ceilMode: true, scaleFactor: [2] }]);
    expect(argumentList({ args: [new Float(2), null], kwargs: {} })).toEqual([2, null]);
  });
  test("or places", () => {
    const call = { args: ["q", "k", "v"], kwargs: { attn_mask: "m" } };
    expect(byPosition("nn.MultiheadAttention", call)?.args).toEqual(["q", "k", "v", undefined, undefined, "m"]);
    expect(byPosition("nn.MultiheadAttention", { args: [], kwargs: { nothing: 1 } })).toBeNull();
  });
});

describe("compare", () => {
  const want = (t: TensorJson["t"], shape: number[], dtype = "float32"): TensorJson => ({
    t,
    shape,
    dtype,
    grad: false,
  });
  const got = (values: (number | bigint)[], shape: number[], dtype = "float32"): Got => ({ values, shape, dtype });
  const reason = (name: string, a: Got, b: TensorJson) => compare(name, "y", a, b).reason;

  test("shape, dtype, values", () => {
    expect(reason("add", got([1], [1]), want([1], [1, 1]))).toBe("y: expected shape [1,1], received [1]");
    expect(reason("add", got([1], [1]), want([1], [1], "int64"))).toBe("y: expected dtype int64, received float32");
    expect(reason("add", got([1, 2], [2]), want([1, 3], [2]))).toBe("y[1]: expected 3, received 2");
    expect(reason("add", got([1], [2]), want([1, 3], [2]))).toBe("y: expected 2 values, received 1");
  });
  test("the absolute tolerance is relative to the largest expected value", () => {
    expect(reason("add", got([1000, 0.009], [2]), want([1000, 0], [2]))).toBeNull();
    expect(reason("add", got([1, 0.009], [2]), want([1, 0], [2]))).not.toBeNull();
    expect(reason("add", got([1.001], [1]), want([1], [1]))).not.toBeNull();
  });
  test("NaN equals NaN, and infinity only itself", () => {
    const values = want([{ f: "nan" }, { f: "inf" }, { f: "-inf" }], [3]);
    expect(reason("add", got([Number.NaN, 1 / 0, -1 / 0], [3]), values)).toBeNull();
    expect(reason("add", got([Number.NaN, 1 / 0, 1 / 0], [3]), values)).not.toBeNull();
    expect(reason("add", got([0, 1 / 0, -1 / 0], [3]), values)).not.toBeNull();
    expect(reason("add", got([Number.NaN], [1]), want([1], [1]))).not.toBeNull();
  });
  test("integers exactly, half loosely, the named ones more loosely, some not at all", () => {
    const big = 9223372036854775807n;
    expect(reason("add", got([big], [1], "int64"), want([big], [1], "int64"))).toBeNull();
    expect(reason("add", got([big - 1n], [1], "int64"), want([big], [1], "int64"))).not.toBeNull();
    expect(reason("add", got([1.005], [1], "bfloat16"), want([1], [1], "bfloat16"))).toBeNull();
    expect(toleranceOf("cdist", "float32")?.rtol).toBe(0.001);
    expect(reason("empty", got([5], [1]), want([1], [1]))).toBeNull();
  });
  test("columns, or rows, up to their signs", () => {
    const columns = compare("linalg.qr", "y", got([-1, 2, -3, 4], [2, 2]), want([1, 2, 3, 4], [2, 2]));
    expect(columns).toEqual({ reason: null, signs: [-1, 1, -1, 1] });
    expect(compare("svd", "y", got([-1, -2, 3, 4], [2, 2]), want([1, 2, 3, 4], [2, 2])).reason).toBeNull();
    expect(compare("svd", "y", got([-1, 2, 3, 4], [2, 2]), want([1, 2, 3, 4], [2, 2])).reason).not.toBeNull();
    expect(compare("add", "y", got([-1], [1, 1]), want([1], [1, 1])).reason).not.toBeNull();
    expect(signsOf("rows", [1, -1], [1, 1], [2, 1])).toEqual([1, -1]);
  });
});

describe("samples", () => {
  const x = '{"t": [1.0, 2.0], "shape": [2], "dtype": "float32", "grad": true, "contiguous": true}';
  const op = (rest: string) =>
    runSample(`{"op": "mul", "variant": "", "input": ${x}, "args": {"list": [2]}, "kwargs": {"dict": {}}, ${rest}}`);
  const y = '{"t": [2.0, 4.0], "shape": [2], "dtype": "float32", "grad": true, "contiguous": true}';
  const gradient = '{"t": [2.0, 1.0806046], "shape": [2], "dtype": "float32", "grad": false, "contiguous": true}';

  test("pass, or fail with the reason", () => {
    expect(op(`"out": [${y}], "grads": [${gradient}]`)).toEqual({ name: "mul", status: "passed", reason: "" });
    expect(op(`"out": [${x}]`).reason).toBe("output[0]: expected 1, received 2");
    expect(op(`"out": [${y}], "grads": [${y}]`).reason).toMatch("gradient 0[1]: expected 4");
    expect(op(`"out": [${y}, ${y}]`).reason).toBe("expected 2 outputs, received 1");
    expect(op(`"out": [${y.replace("float32", "uint16")}]`).status).toBe("skipped");
  });
  test("2.0 makes a float of an int, and 2 does not", () => {
    const int = '{"t": [3], "shape": [1], "dtype": "int64", "grad": false, "contiguous": true}';
    const times = (factor: string, out: string) =>
      runSample(
        `{"op": "mul", "input": ${int}, "args": {"list": [${factor}]}, "kwargs": {"dict": {}}, "out": [${out}]}`,
      );
    const six = (dtype: string) => `{"t": [6], "shape": [1], "dtype": "${dtype}", "grad": false}`;
    expect(times("2", six("int64")).status).toBe("passed");
    expect(times("2.0", six("float32")).status).toBe("passed");
    expect(times("2.0", six("int64")).status).toBe("failed");
  });
  test("modules", () => {
    const line = (repr: string) =>
      `{"module": "nn.ReLU", "training": true, "ctor": [{"list": []}, {"dict": {}}], "state": {},
        "forward": [{"list": [${x}]}, {"dict": {}}], "out": [${x}], "repr": "${repr}", "grads": null, "pgrads": null}`;
    expect(runSample(line("ReLU()")).status).toBe("passed");
    expect(runSample(line("ReLU6()")).reason).toMatch("repr: expected");
  });
  test.each([
    ...["", "{", "null", "[]", "3", "{}", '{"op": 1}', '{"op": "add"}', '{"op": "constructor"}', '{"module": "nn"}'],
    ...['{"module": "nn.Linear"}', '{"module": "nn.Linear", "ctor": 3}', '{"op": "tensor", "input": {"t": 1}}'],
    '{"op": "add", "input": {"t": [1], "shape": [-5], "dtype": "complex64"}, "args": {"list": [{"slice": [1, 2, 0]}]}}',
    '{"op": "zeros", "input": {"list": [1e300, 99999999999999999999]}, "args": 1, "kwargs": 2, "out": 3, "grads": 4}',
  ])("%j fails without an exception", (line) => {
    expect(["failed", "not here"]).toContain(runSample(line).status);
  });
  test("the table", () => {
    const outcomes = [
      op(`"out": [${y}]`),
      op(`"out": [${x}]`),
      runSample('{"op": "no_such_op", "input": 1, "out": []}'),
    ];
    expect(countOf(outcomes)).toEqual({ passed: 1, total: 3 });
    expect(table(outcomes, false)).toEqual([
      "mul             1/2  output[0]: expected 1, received 2",
      "no_such_op      0/1  not here",
    ]);
  });
});
