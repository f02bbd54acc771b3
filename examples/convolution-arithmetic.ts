/** The arithmetic of convolution and pooling, worked out: sizes, sums, and how many numbers a layer learns. */
import * as torch from "candlewick";

const { nn } = torch;
const F = nn.functional;

function expect(name: string, got: unknown, expected: unknown): void {
  console.log(`${name}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(expected))
    throw new Error(`${name}: expected ${JSON.stringify(expected)}`);
}

// A 6x6 image, left half 10 and right half 0, and a 3x3 filter for vertical edges: 6 - 3 + 1 = 4, so 4x4.
const image = torch.cat([torch.full([6, 3], 10), torch.zeros(6, 3)], 1);
const filter = torch.tensor([1, 0, -1]).expand(3, 3);
const edges = F.conv2d(image.view(1, 1, 6, 6), filter.reshape(1, 1, 3, 3));
console.log(image, filter, edges);
expect("6x6 with 3x3", edges.shape, [1, 1, 4, 4]);
expect("a row of the edges", edges.index(0, 0, 0).tolist(), [0, 30, 30, 0]);

// In one dimension: [1,1,1,1,1] smoothed by [.25,.5,.25] stays 1, where the filter fits.
const smoothed = F.conv1d(torch.ones(1, 1, 5), torch.tensor([0.25, 0.5, 0.25]).view(1, 1, 3));
expect("smoothed", smoothed.flatten().tolist(), [1, 1, 1]);

// The output size: floor((n + 2p - d(k - 1) - 1) / s) + 1.
const size = (n: number, k: number, p = 0, s = 1, d = 1) => Math.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1;
const cases = [
  { n: 28, k: 3, p: 1, s: 1, d: 1 },
  { n: 28, k: 5, p: 0, s: 1, d: 1 },
  { n: 224, k: 7, p: 3, s: 2, d: 1 },
  { n: 13, k: 3, p: 2, s: 2, d: 2 },
];
for (const { n, k, p, s, d } of cases) {
  const conv = new nn.Conv2d(1, 1, k, { padding: p, stride: s, dilation: d });
  const want = size(n, k, p, s, d);
  expect(`n ${n} k ${k} p ${p} s ${s} d ${d}`, conv.forward(torch.rand(1, 1, n, n)).shape, [1, 1, want, want]);
}
expect("same", new nn.Conv2d(1, 1, 3, { padding: "same" }).forward(torch.rand(1, 1, 9, 9)).shape, [1, 1, 9, 9]);

// Pooling halves the sides; max keeps the largest of each window, average the mean.
const x = torch.arange(16, { dtype: "float32" }).view(1, 1, 4, 4);
expect("max pool", F.maxPool2d(x, 2).flatten().tolist(), [5, 7, 13, 15]);
expect("average pool", F.avgPool2d(x, 2).flatten().tolist(), [2.5, 4.5, 10.5, 12.5]);
expect("to 1x1", F.adaptiveAvgPool2d(x, 1).item(), 7.5);

// A 1x1 convolution mixes channels, pixel by pixel: 192 channels become 32.
const mix = new nn.Conv2d(192, 32, 1);
expect("1x1 convolution", mix.forward(torch.rand(1, 192, 28, 28)).shape, [1, 32, 28, 28]);
const numbers = mix.parameters().reduce((sum, p) => sum + p.numel(), 0);
expect("its parameters: 192 * 32 + 32", numbers, 192 * 32 + 32);

// Ten 3x3 filters over 3 channels learn (27 + 1) * 10 numbers, whatever the size of the image.
const ten = new nn.Conv2d(3, 10, 3);
expect(
  "ten filters",
  ten.parameters().reduce((sum, p) => sum + p.numel(), 0),
  280,
);
