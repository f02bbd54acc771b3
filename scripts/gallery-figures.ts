/** The figures of docs/gallery: each of a few lines, which the page shows. `npm run gallery` draws them. */
import * as torch from "candlewick";

const { metrics, nn, optim, plot, vision } = torch;

const classes = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
const clothes = new vision.datasets.FashionMNISTSample();
/** Some `count` images [count, 1, 28, 28] and their classes. */
function some(count: number): [images: torch.Tensor, labels: number[]] {
  const samples = (torch.randperm(clothes.length).tolist() as number[]).slice(0, count).map((i) => clothes.get(i));
  return [torch.stack(samples.map(([image]) => image)), samples.map(([, label]) => label)];
}
/** Losses that fall with some noise. */
const falling = (count: number, from: number, to: number): number[] => {
  const noise = torch.randn(count).mul(0.04).tolist() as number[];
  return noise.map((v, i) => to + (from - to) * Math.exp((-4 * i) / count) + v);
};

/** A figure by the name of its file. */
export const figures: Readonly<Record<string, () => torch.plot.Figure>> = {
  "image-grid": () => {
    const [images, labels] = some(20);
    return plot.imageGrid(images, { titles: labels.map((c) => classes[c]), rows: 4, cols: 5, cmap: "gray" });
  },
  "image-grid-large": () => plot.imageGrid(some(200)[0], { cmap: "gray", title: "200 clothes" }),
  imshow: () => plot.imshow(some(1)[0].squeeze(0), { cmap: "magma", title: "An image" }),
  curves: () =>
    plot.curves(
      { train: falling(12, 1.2, 0.2), validation: falling(12, 1.3, 0.4) },
      { xlabel: "epoch", ylabel: "loss", title: "Cross entropy" },
    ),
  "curves-smooth": () =>
    plot.curves({ "batch loss": falling(600, 2.3, 0.02).map(Math.abs) }, { smooth: 0.95, logy: true, xlabel: "step" }),
  "confusion-matrix": () => {
    const metric = new metrics.ConfusionMatrix({ task: "multiclass", numClasses: 10 });
    const truth = torch.randint(0, 10, [2000]);
    metric.update(truth.where(torch.rand(2000).lt(0.85), torch.randint(0, 10, [2000])), truth);
    return plot.confusionMatrix(metric.compute(), { classes, title: "Fashion-MNIST" });
  },
  "confusion-matrix-normalized": () => {
    const counts = [
      [50, 3, 7],
      [2, 61, 0],
      [9, 1, 44],
    ];
    return plot.confusionMatrix(counts, { classes: ["ant", "bee", "wasp"], normalize: "true" });
  },
  heatmap: () => {
    const flights = torch
      .arange(12)
      .outer(torch.linspace(1, 2, 12))
      .add(torch.rand(12, 12).mul(3))
      .mul(10);
    return plot.heatmap(flights, { annot: true, fmt: ".0f", cmap: "magma", title: "Passengers" });
  },
  "heatmap-missing": () => plot.heatmap([[1, 2.5, Number.NaN], [-1.5, 0, 3]], { annot: true, center: 0 }), // biome-ignore format: one line
  correlation: () => {
    const a = torch.randn(200);
    const table = { loss: a, accuracy: a.mul(-1).add(torch.randn(200).mul(0.3)), seconds: torch.randn(200), parameters: a.mul(0.3).add(torch.randn(200)) }; // biome-ignore format: one line
    return plot.correlation(table, { title: "Correlation" });
  },
  histogram: () =>
    plot.histogram(
      { "layer 1": torch.randn(2000).mul(0.6), "layer 2": torch.randn(2000).mul(0.3).add(1) },
      { bins: 40, xlabel: "weight" },
    ),
  scatter: () => {
    const labels = torch.randint(0, 5, [300]);
    const center = torch.randn(5, 2).mul(3).indexSelect(0, labels);
    const points = center.add(torch.randn(300, 2));
    return plot.scatter(points.select(1, 0), points.select(1, 1), { c: labels, cmap: "tab10", title: "Embedding" });
  },
  bars: () =>
    plot.bars({ FashionMNISTModelV0: 0.834, V1: 0.753, V2: 0.884 }, { title: "Accuracy", ylabel: "accuracy" }),
  "bars-horizontal": () => {
    const perClass = torch.rand(10).mul(0.3).add(0.7).tolist() as number[];
    return plot.bars(Object.fromEntries(classes.map((name, i) => [name, perClass[i] ?? 0])), {
      horizontal: true,
      fmt: ".0%",
    });
  },
  "feature-maps": () => {
    const conv = new nn.Conv2d(1, 16, 3);
    return plot.featureMaps(conv.forward(some(1)[0]).relu(), { title: "First layer" });
  },
  filters: () => plot.filters(new nn.Conv2d(3, 32, 7), { cols: 8 }),
  predictions: () => {
    const [images, labels] = some(15);
    const found = labels.map((c, i) => (i % 5 === 3 ? (c + 2) % 10 : c));
    return plot.predictions(images, found, labels, { classes, rows: 3, cols: 5 });
  },
  "lr-schedule": () => {
    const optimizer = new optim.SGD([new nn.Parameter(torch.zeros(1))], { lr: 0.1 });
    const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.1, totalSteps: 100 });
    return plot.lrSchedule(scheduler, 100, { title: "OneCycleLR" });
  },
  overlay: () => {
    const [y, x] = [torch.linspace(-1, 1, 7).view(7, 1), torch.linspace(-1, 1, 7).view(1, 7)];
    return plot.overlay(some(1)[0].squeeze(0), y.square().add(x.square()).mul(-2).exp(), { title: "Grad-CAM" });
  },
  roc: () => {
    const metric = new metrics.ROC({ task: "multiclass", numClasses: 3 });
    const truth = torch.randint(0, 3, [300]);
    metric.update(nn.functional.oneHot(truth, 3).mul(1.5).add(torch.randn(300, 3)).softmax(1), truth);
    return metric.plot(null, { labels: ["ant", "bee", "wasp"] });
  },
  subplots: () => {
    const [figure, axes] = plot.subplots(2, 2, { figsize: [9, 7] });
    const x = torch.linspace(0, 6.28, 60);
    axes[0]?.[0]?.plot(x, x.sin(), { label: "sin" }).plot(x, x.cos(), "--", { label: "cos" }).legend().setTitle("A long title that wraps where its axes end, since text never lies on text"); // biome-ignore format: one line
    axes[0]?.[1]?.imshow(some(1)[0].squeeze(0), { cmap: "viridis" }).setTitle("Pixels");
    axes[1]?.[0]?.plot([1, 10, 100, 1000], [1e-4, 1e-2, 1, 100], "ro-").setXscale("log").setYscale("log").setXlabel("samples").setYlabel("seconds").grid(); // biome-ignore format: one line
    axes[1]?.[1]?.bar(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog"], [3, 4, 2, 6, 5, 7, 4]).setTitle("Counts", { color: "tab:red" }); // biome-ignore format: one line
    return figure.suptitle("Axes, as in matplotlib");
  },
};
