/** Rings and stars told apart by a graph convolutional network: X' = relu(A^ X W), twice, then a readout.   [Kipf & Welling 2017] */
import * as torch from "candlewick";

const { nn, optim, data } = torch;
const F = nn.functional;

const NODES = 12;

/** A ring or a star of some of the nodes, with a few more edges at random; the other nodes stay alone. */
function makeGraph(star: boolean): torch.Tensor {
  const size = 6 + torch.randint(0, NODES - 6, [1]).item();
  const adjacency = torch.zeros(NODES, NODES);
  const connect = (i: number, j: number) => {
    adjacency.indexPut_([i, j], 1);
    adjacency.indexPut_([j, i], 1);
  };
  for (let i = 1; i < size; i++) connect(star ? 0 : i - 1, i);
  if (!star) connect(size - 1, 0);
  const [i = 0, j = 0] = torch.randint(0, size, [2]).tolist() as number[];
  if (i !== j) connect(i, j);
  return adjacency;
}

/** A^ = D^-1/2 (A + I) D^-1/2: each node averages itself and its neighbours, weighed by how many those have. */
function normalise(adjacency: torch.Tensor): torch.Tensor {
  const loops = adjacency.add(torch.eye(NODES));
  const root = loops.sum(-1).rsqrt();
  return loops.mul(root.unsqueeze(-1)).mul(root.unsqueeze(-2));
}

class GraphConvolution extends nn.Module {
  linear: torch.nn.Linear;

  constructor(inFeatures: number, outFeatures: number) {
    super();
    this.linear = new nn.Linear(inFeatures, outFeatures);
  }
  /** Features [B, N, in] and normalised adjacency [B, N, N] give [B, N, out]. */
  forward(x: torch.Tensor, adjacency: torch.Tensor): torch.Tensor {
    return adjacency.matmul(this.linear.forward(x));
  }
}

class GraphNet extends nn.Module {
  conv1 = new GraphConvolution(2, 16);
  conv2 = new GraphConvolution(16, 16);
  out = new nn.Linear(16, 2);

  forward(x: torch.Tensor, adjacency: torch.Tensor): torch.Tensor {
    let h = F.relu(this.conv1.forward(x, adjacency));
    h = F.relu(this.conv2.forward(h, adjacency));
    // The readout: the mean over the nodes, whatever their order.
    return this.out.forward(h.mean(1));
  }
}

torch.manualSeed(0);
const graphs = Array.from({ length: 240 }, (_, i) => makeGraph(i % 2 === 1));
const adjacency = normalise(torch.stack(graphs));
// A node's features: a constant, and its degree.
const degree = torch.stack(graphs).sum(-1).div(NODES);
const features = torch.stack([torch.onesLike(degree), degree], -1);
const labels = torch.tensor(
  graphs.map((_, i) => i % 2),
  { dtype: "int64" },
);
const set = new data.TensorDataset(features, adjacency, labels);
const [train, test] = data.randomSplit(set, [200, 40]);
if (train === undefined || test === undefined) throw new Error("no parts");

const model = new GraphNet();
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
const loader = new data.DataLoader(train, { batchSize: 20, shuffle: true });
const epochs = 40;
for (let epoch = 1; epoch <= epochs; epoch++) {
  let last = 0;
  for await (const [x, a, y] of loader) {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x, a), y);
    loss.backward();
    optimizer.step();
    last = loss.item();
  }
  if (epoch % 5 === 0) console.log(`epoch ${epoch}: loss ${last.toFixed(4)}`);
}

const [x, a, y] = await new data.DataLoader(test, { batchSize: test.length }).first();
const accuracy = torch.noGrad(() => model.forward(x, a).argmax(1).eq(y).float().mean().item());
console.log(`test accuracy ${accuracy.toFixed(3)}`);

// The readout does not depend on the order of the nodes.
const order = torch.randperm(NODES);
const shuffled = model.forward(
  x.index(torch.slice(), order),
  a.index(torch.slice(), order).index(torch.slice(), torch.slice(), order),
);
console.log("the same after renumbering the nodes:", shuffled.allclose(model.forward(x, a), 1e-4, 1e-5));
if (accuracy < 0.9) throw new Error("rings and stars were not told apart");
