/** Packed sequences, and the recurrent layers over them, against PyTorch. */
import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { cosines, expectTensor, fixture, type JsonTensor, toTensor } from "../../helpers/fixtures.js";

const { nn } = torch;
const { rnn } = nn.utils;

interface Run {
  data: JsonTensor;
  last: JsonTensor[];
  gradInput: JsonTensor;
  grads: Record<string, JsonTensor>;
}

const { packed, runs } = fixture<{
  packed: {
    x: JsonTensor;
    lengths: number[];
    data: JsonTensor;
    sizes: number[];
    sorted: number[];
    unsorted: number[];
    padded: JsonTensor;
    back: number[];
  };
  runs: Record<string, Run>;
}>("sequence.json");

test("packs and pads as PyTorch", () => {
  const p = rnn.packPaddedSequence(toTensor(packed.x), packed.lengths, { enforceSorted: false });
  expectTensor(p.data, packed.data);
  expect(p.batchSizes.tolist()).toEqual(packed.sizes);
  expect(p.sortedIndices?.tolist()).toEqual(packed.sorted);
  expect(p.unsortedIndices?.tolist()).toEqual(packed.unsorted);
  const [padded, lengths] = rnn.padPackedSequence(p, { batchFirst: true, paddingValue: -1, totalLength: 5 });
  expectTensor(padded, packed.padded);
  expect(lengths.tolist()).toEqual(packed.back);
});

test("sequences round trip, and gradients flow back", () => {
  const xs = [torch.ones(3, 2, { requiresGrad: true }), torch.zeros(1, 2), torch.ones(2, 2).mul(3)];
  const padded = rnn.padSequence(xs, true, 7, "left");
  expect(padded.select(0, 1).tolist()).toEqual([
    [7, 7],
    [7, 7],
    [0, 0],
  ]);
  const back = rnn.unpackSequence(rnn.packSequence(xs, false));
  expect(back.map((x) => x.tolist())).toEqual(xs.map((x) => x.tolist()));
  back[0]?.sum().backward();
  expect(xs[0]?.grad?.sum().item()).toBe(6);
});

test("errors have PyTorch's words", () => {
  const x = torch.ones(3, 2, 1);
  expect(() => rnn.packPaddedSequence(x, [1, 3])).toThrow("must be sorted in decreasing order");
  expect(() => rnn.packPaddedSequence(x, [3])).toThrow("Expected `len(lengths)` to be equal to batch_size, but got 1");
  expect(() => rnn.packPaddedSequence(x, [3, 0])).toThrow("has to be greater than 0");
  const p = rnn.packPaddedSequence(x, [3, 1]);
  expect(() => rnn.padPackedSequence(p, { totalLength: 2 })).toThrow(
    "got total_length=2 and max sequence length being 3",
  );
});

type Packed = torch.nn.utils.rnn.PackedSequence;
type Net = torch.nn.AnyModule & { forward(x: Packed): [Packed, torch.Tensor | [torch.Tensor, torch.Tensor]] };

const nets: Record<string, () => Net> = {
  LSTM: () => new nn.LSTM(2, 3, 2, { bidirectional: true, projSize: 2, dropout: 0.5 }),
  GRU: () => new nn.GRU(2, 3, 2, { bidirectional: true, bias: false }),
  RNN: () => new nn.RNN(2, 3, { nonlinearity: "relu" }),
};

describe.each(Object.entries(nets))("%s over a packed sequence", (name, make) => {
  test("computes, drops and has gradients as PyTorch", () => {
    const want = runs[name];
    if (want === undefined) expect.fail("no run");
    torch.manualSeed(1);
    const model = make();
    const leaf = toTensor(packed.x).requiresGrad_();
    const input = rnn.packPaddedSequence(leaf, packed.lengths, { enforceSorted: false });
    torch.manualSeed(2);
    const [y, last] = model.forward(input);
    const states = torch.isTensor(last) ? [last] : [...last];
    expectTensor(y.data, want.data, "output");
    for (const [i, json] of want.last.entries()) expectTensor(states[i] ?? leaf, json, `state ${i}`);
    const terms = [y.data, ...states].map((t) => t.mul(cosines(t).viewAs(t)).sum());
    terms.reduce((a, b) => a.add(b)).backward();
    expectTensor(leaf.grad ?? leaf, want.gradInput, "input gradient");
    for (const [key, json] of Object.entries(want.grads)) expectTensor(model.getParameter(key).grad ?? leaf, json, key);
  });
});
