/** Figures: files, bytes, fonts, terminals, axes, errors. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../lib/index.js";
import { draw } from "../../lib/plot/draw/index.js";
import { kitty, protocolOf, show } from "../../lib/plot/show.js";
import { sixel } from "../../lib/plot/sixel.js";

const { nn, optim, plot, vision } = torch;
const folder = mkdtempSync(join(tmpdir(), "candlewick-plot-"));
const pixelsOf = (png: Uint8Array) => vision.io.decodeImageSync(png, { mode: "RGB" });
/** How many pixels are not white. */
const ink = (png: Uint8Array): number => pixelsOf(png).amin(0).lt(128).sum().item() as number;
const textsOf = (figure: torch.plot.Figure) => draw(figure.spec).texts.map((t) => t.text);

afterEach(() => plot.setFonts({}));

describe("a figure", () => {
  const make = () => plot.curves({ train: [3, 2, 1.5], val: [3.1, 2.4, 2.2] }, { title: "loss <&>", xlabel: "epoch" });

  test("has the same bytes for the same data", async () => {
    expect(make().toSVG()).toBe(make().toSVG());
    expect(Buffer.compare(await make().toPNG(), await make().toPNG())).toBe(0);
  });

  test("is written as .png, .svg, .html and .json, and nothing else lies there", async () => {
    for (const ending of ["png", "svg", "html", "json"]) await make().save(join(folder, `loss.${ending}`));
    expect(readdirSync(folder).toSorted()).toEqual(["loss.html", "loss.json", "loss.png", "loss.svg"]);
    expect(pixelsOf(readFileSync(join(folder, "loss.png"))).shape).toEqual([3, 480, 640]);
    expect(readFileSync(join(folder, "loss.svg"), "utf8")).toContain(">loss &lt;&amp;&gt;</text>"); // titles stay text
    expect(readFileSync(join(folder, "loss.html"), "utf8")).toContain("<title>loss &#60;&#38;&#62;</title>");
    expect(JSON.parse(readFileSync(join(folder, "loss.json"), "utf8")).axes[0].marks[0].y).toEqual([3, 2, 1.5]);
    expect(pixelsOf(await make().toPNG({ dpi: 50 })).shape).toEqual([3, 240, 320]);
    await expect(make().save(join(folder, "loss.gif"))).rejects.toThrow(
      "expected a path that ends with .png, .svg, .html, .json",
    );
    await expect(make().save(join(folder, "none/loss.png"))).rejects.toThrow(torch.IOError);
    await expect(make().toPNG({ dpi: 0 })).rejects.toThrow("expected dpi to be a number above 0");
    await expect(plot.figure({ figsize: [100, 100] }).toPNG({ dpi: 900 })).rejects.toThrow("at most 1e8 pixels");
  });

  test("draws images as their pixels", async () => {
    const image = torch.tensor([[0, 1], [0.5, 1]]); // biome-ignore format: rows
    const figure = plot.figure({ figsize: [1, 1] });
    figure.addSubplot().imshow(image, { cmap: "gray", vmin: 0, vmax: 1 }).axis("off");
    const png = pixelsOf(await figure.toPNG());
    const at = (y: number, x: number) => png.select(1, y).select(1, x).tolist();
    expect([at(30, 30), at(30, 70), at(70, 30), at(2, 2)]).toEqual([[0, 0, 0], [255, 255, 255], [128, 128, 128], [255, 255, 255]]); // biome-ignore format: rows
  });

  test("has text without any system font, and says which characters have no glyph", async () => {
    plot.setFonts({ system: false });
    const empty = ink(
      await plot
        .figure({ figsize: [2, 1] })
        .suptitle(" ")
        .toPNG(),
    );
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    expect(
      ink(
        await plot
          .figure({ figsize: [2, 1] })
          .suptitle("loss")
          .toPNG(),
      ),
    ).toBeGreaterThan(empty + 50);
    expect(warned).not.toHaveBeenCalled();
    expect(
      ink(
        await plot
          .figure({ figsize: [2, 1] })
          .suptitle("손실 ok")
          .toPNG(),
      ),
    ).toBeGreaterThan(empty + 50);
    expect(warned.mock.calls[0]?.[0]).toMatch(/no font has the characters "손실", .* plot\.setFonts/);
    warned.mockRestore();
    plot.setFonts({ files: [join(folder, "none.ttf")] });
    expect(() => plot.figure().suptitle("x y").toSVG()).toThrow(torch.IOError);
    expect(() => plot.setFonts({ file: "x" } as never)).toThrow("received 'file'");
  });

  test("is shown where there is a terminal for it, else as a file", async () => {
    const out = (env: Record<string, string>, isTTY: boolean) => {
      const written: string[] = [];
      const around = { env, platform: "linux", stdout: { isTTY, write: (text: string) => written.push(text) } };
      return { around, written };
    };
    const kinds: Record<string, string>[] = [
      { TERM: "xterm-kitty" },
      { TERM_PROGRAM: "WezTerm" },
      { TERM: "foot" },
      { TERM: "xterm" },
    ];
    expect(kinds.map((env) => protocolOf(out(env, true).around))).toEqual(["kitty", "iterm", "sixel", undefined]);
    expect(protocolOf(out({ TERM: "xterm-kitty", TMUX: "1" }, true).around)).toBeUndefined();
    const file = out({ CI: "1" }, false);
    await show(make().spec, file.around);
    expect(pixelsOf(readFileSync(file.written.join("").trim())).shape).toEqual([3, 480, 640]);
    const drawn = out({ TERM: "xterm-kitty" }, true);
    await show(make().spec, drawn.around);
    expect(drawn.written.join("").startsWith("\x1b_Ga=T,f=100,m=1;")).toBe(true);
    const png = await make().toPNG();
    expect(
      Buffer.from(
        kitty(png)
          .split("\x1b")
          .map((part) => part.replace(/^(_G.*;|\\\n?)/, ""))
          .join(""),
        "base64",
      ).equals(png),
    ).toBe(true);
    expect(sixel(png).slice(1, -3)).toMatch(/^Pq"1;1;640;480(#\d+;2;\d+;\d+;\d+)+(#\d+[?-~!\d]+\$?|-)+$/);
    const cell = Reflect.get(make(), Symbol.for("Jupyter.display")) as () => Promise<object>;
    expect(Object.keys(await Reflect.apply(cell, make(), []))).toEqual(["image/svg+xml", "image/png"]);
  });

  test("prints itself", () => expect(String(plot.subplots(2, 2)[0])).toBe("<Figure size 640x480 with 4 Axes>"));
});

describe("axes", () => {
  test("draw lines in matplotlib's forms", () => {
    const ax = plot.figure().addSubplot();
    ax.plot([1, 2], [3, Number.NaN], "r--o").plot(torch.arange(3)).plot([1], "C2", { label: "x" }).plot([2, 1], "ks");
    const lines = ax.spec.marks.map((m) => (m.type === "line" ? [m.color, m.dash.length, m.marker, m.y, m.width] : []));
    expect(lines).toEqual([
      ["#ff0000", 2, "o", [3, null], 1.5],
      ["#1f77b4", 0, "", [0, 1, 2], 1.5],
      ["#2ca02c", 0, "", [1], 1.5],
      ["#000000", 0, "s", [2, 1], 0],
    ]);
    expect(() => ax.plot([1], "r--q")).toThrow('expected a short form as "r--o", received "r--q"');
    expect(() => ax.plot([1, 2], [1])).toThrow("expected as many values as places, received 1 and 2");
    expect(() => ax.plot([1], { colour: "red" } as never)).toThrow("unexpected keyword argument 'colour'");
    expect(() => ax.plot([1], { color: "reddish" })).toThrow('expected a colour ("red", "#1f77b4"');
  });

  test("have ticks where they are set, logarithms, limits, and a legend", () => {
    const [figure, [[ax]]] = plot.subplots(1, 1) as [torch.plot.Figure, [[torch.plot.Axes]]];
    ax.plot([1, 10, 1000], { label: "up" }).setYscale("log").setXticks([0, 2], ["a", "b"]).setXlim(0, 2).legend({ loc: "upper left" }); // biome-ignore format: one line
    expect(textsOf(figure)).toEqual(["a", "b", "10⁰", "10¹", "10²", "10³", "up"]);
    expect(() => ax.setXticks([0, 1], ["a"])).toThrow("expected as many labels as places");
    expect(() => ax.legend({ loc: "north" })).toThrow("expected loc to be one of best, upper right");
    expect(() => ax.setYscale("sqrt" as never)).toThrow('expected "linear" or "log", received "sqrt"');
    expect(() => plot.figure().addSubplot(2, 2, 5)).toThrow("num must be an integer with 1 <= num <= 4, not 5");
  });

  test("bars stand, lie and are piled", () => {
    const ax = plot.figure().addSubplot();
    ax.bar(["a", "b"], [1, 2], { bottom: [0.5, 1] }).barh([0, 1], [3, -4], { color: ["red", "k"], height: 0.5 });
    const boxes = ax.spec.marks.map((m) => (m.type === "bars" ? m.boxes : []));
    expect(boxes).toEqual([[[-0.4, 0.5, 0.4, 1.5], [0.6, 1, 1.4, 3]], [[0, -0.25, 3, 0.25], [0, 0.75, -4, 1.25]]]); // biome-ignore format: rows
  });
});

describe("wrong input", () => {
  test("says what was expected, and no picture is empty", () => {
    expect(() => plot.imageGrid(torch.rand(1, 2, 3, 4, 5))).toThrow("received [1, 2, 3, 4, 5]");
    expect(() => plot.imageGrid([])).toThrow("received an empty list");
    expect(() => plot.imageGrid(torch.rand(2, 1, 3, 3), { titles: ["a"] })).toThrow(
      "expected as many titles as places",
    );
    expect(() => plot.imshow(torch.rand(2, 5, 5))).toThrow("expected an image [H, W], [1, H, W], [3, H, W], [4, H, W] or [H, W, 3], received [2, 5, 5]"); // biome-ignore format: one line
    expect(() => plot.imshow(torch.rand(5, 5), { cmap: "virids" })).toThrow(
      "expected cmap to be the name of a colour map (viridis",
    );
    expect(() => plot.heatmap([[1, 2], [3]])).toThrow("row 0 has 2 numbers, row 1 has 1");
    expect(() => plot.heatmap([])).toThrow("received an empty one");
    expect(() => plot.heatmap([[1]], { xticklabels: ["a", "b"] })).toThrow("expected as many xticklabels as places");
    expect(() => plot.confusionMatrix([[1, 2]])).toThrow("expected as many rows as columns, received 1 x 2");
    expect(() => plot.confusionMatrix([[1]], { normalize: "rows" as never })).toThrow('received "rows"');
    expect(() => plot.curves({})).toThrow("expected curves by name");
    expect(() => plot.curves({ a: [] })).toThrow('expected "a" to be numbers (a list or a tensor [N]), received none');
    expect(() => plot.bars({ a: "x" as never })).toThrow('expected "a" to be a number');
    expect(() => plot.histogram([Number.NaN])).toThrow("expected a value that is finite");
    expect(() => plot.scatter([1, 2], [1])).toThrow("expected as many values as places");
    expect(() => plot.predictions(torch.rand(2, 1, 3, 3), [0, 5], [0, 1], { classes: ["a", "b"] })).toThrow("expected classes from 0 to 1, received 5"); // biome-ignore format: one line
    expect(() => plot.featureMaps(torch.rand(2, 3, 4, 4))).toThrow("expected the output of a layer for one image");
    expect(() => plot.filters(new nn.Linear(2, 2) as never)).toThrow("expected a convolution of two dimensions");
    expect(() => plot.subplots(0)).toThrow("expected rows to be a whole number above 0");
    expect(() => plot.figure({ figsize: [5] as never })).toThrow("expected figsize to be [width, height] in inches");
  });

  test("cells without a number are marked", () => {
    const marks = plot.heatmap([[1, Number.NaN]], { annot: true }).axes[0]?.spec.marks ?? [];
    expect(marks.map((m) => m.type)).toEqual(["image", "bars", "line", "text", "text"]);
  });
});

test("images of different sizes, kinds and counts have a picture", async () => {
  const images = [
    torch.rand(3, 8, 8),
    torch.rand(5, 9),
    torch.zeros(4, 4, 3, { dtype: "uint8" }),
    torch.ones(1, 2, 2).gt(0),
  ];
  expect(plot.imageGrid(images, { titles: [1, 2, 3, 4], rows: 1 }).axes.length).toBe(4);
  for (const count of [1, 2, 30])
    expect((await plot.imageGrid(torch.rand(count, 1, 3, 3)).toPNG()).length).toBeGreaterThan(200);
  const needsGradient = torch.rand(3, 4, 4, { requiresGrad: true });
  expect(plot.imshow(needsGradient.mul(2)).toSVG()).toContain("<image");
});

test("a scheduler's rates are drawn and it is left as it was", () => {
  const optimizer = new optim.SGD([new nn.Parameter(torch.zeros(1))], { lr: 0.1, momentum: 0.9 });
  const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.1, totalSteps: 10 });
  const [lr, momentum] = [optimizer.paramGroups[0]?.lr, optimizer.paramGroups[0]?.momentum];
  const state = JSON.stringify(scheduler.stateDict());
  const mark = plot.lrSchedule(scheduler, 10).axes[0]?.spec.marks[0];
  expect(mark?.type === "line" && mark.y.length === 10 && mark.y[0] === lr).toBe(true);
  expect(JSON.stringify(scheduler.stateDict())).toBe(state);
  expect([optimizer.paramGroups[0]?.lr, optimizer.paramGroups[0]?.momentum]).toEqual([lr, momentum]);
  expect(() => plot.lrSchedule(scheduler)).toThrow("expected a number of steps behind the scheduler");
});

test("metrics draw themselves", () => {
  const { metrics } = torch;
  const truth = torch.tensor([0, 1, 2, 1]).long();
  const scores = nn.functional.oneHot(torch.tensor([0, 1, 1, 1]).long(), 3).to("float32");
  const kinds = [
    new metrics.MulticlassAccuracy(3, { average: "none" }),
    new metrics.MulticlassConfusionMatrix(3),
    new metrics.MulticlassROC(3),
    new metrics.MulticlassPrecisionRecallCurve(3),
  ] as const;
  for (const metric of kinds) metric.update(scores, truth);
  expect(textsOf(kinds[0].plot(null, { labels: ["a", "b", "c"] }))).toEqual(expect.arrayContaining(["a", "b", "c", "MulticlassAccuracy"])); // biome-ignore format: one line
  expect(kinds[0].plot([torch.tensor([0.1, 0.2, 0.3]), torch.tensor([0.2, 0.3, 0.4])]).axes[0]?.spec.marks.length).toBe(
    3,
  );
  expect(textsOf(kinds[1].plot())).toEqual(expect.arrayContaining(["Predicted", "True", "2"]));
  expect(textsOf(kinds[2].plot())).toEqual(expect.arrayContaining(["False positive rate", "True positive rate"]));
  expect(textsOf(kinds[3].plot())).toEqual(expect.arrayContaining(["Recall", "Precision"]));
  const labels = new metrics.MultilabelConfusionMatrix(2);
  labels.update(torch.tensor([[0, 1]]).long(), torch.tensor([[1, 1]]).long());
  expect(labels.plot().axes.length).toBe(2);
});
