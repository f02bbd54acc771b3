/** Transforms against torchvision's (test/fixtures/transforms.py): Pillow's pixels exactly, tensors within 1e-5, the same draws. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { transforms } = torch.vision;
const here = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const arrays = torch.numpy.loadSync(here("transforms.npz")) as Record<string, torch.Tensor>;
const array = (key: string) => arrays[key] as torch.Tensor;
const image = (name: string) => array(`image/${name}`);
const floats = (name: string) => image(name).to("float32").div(255);

interface Drawn {
  seed: number;
  next: number;
  text: string;
}
const fixture: {
  functions: { name: string; args: unknown[]; image: string; kind: "pil" | "tensor" }[];
  random: (Drawn & { name: string; options: Record<string, unknown> })[];
  erasing: (Drawn & { options: object })[];
  lists: (Drawn & { name: string })[];
  python: { seed: string; random: number[]; shuffled: number[]; choice: number; weighted: number }[];
} = JSON.parse(readFileSync(here("transforms.json"), "utf8"));

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const camelKeys = (o: Record<string, unknown>) => Object.fromEntries(Object.entries(o).map(([k, v]) => [camel(k), v]));

/** The largest difference in relation to the largest value. */
function distance(x: torch.Tensor, y: torch.Tensor): number {
  expect(x.shape).toEqual(y.shape);
  const [a, b] = [x.double(), y.double()];
  return Number(a.sub(b).abs().max()) / Math.max(1, Number(b.abs().max()));
}

const names = [...new Set(fixture.functions.map(({ name }) => name))];
test.each(names)("functional %s", (name) => {
  const run = Reflect.get(transforms.functional, camel(name)) as (...args: unknown[]) => torch.Tensor;
  fixture.functions.forEach((row, i) => {
    if (row.name !== name) return;
    const result = run(row.kind === "pil" ? image(row.image) : floats(row.image), ...row.args);
    const about = `${JSON.stringify(row.args)} ${row.image} ${row.kind}`;
    expect([about, distance(result, array(`function/${i}`)) <= (row.kind === "pil" ? 0 : 1e-5)]).toEqual([about, true]);
  });
});

/** A transform's result and the next draw behind it. */
function drawn(transform: { forward(x: torch.Tensor): torch.Tensor }, x: torch.Tensor, { seed, next, text }: Drawn) {
  torch.manualSeed(seed);
  transforms.pythonRandom.seed(seed);
  const result = transform.forward(x);
  expect([text, torch.rand(1).item()]).toEqual([text, next]);
  expect(String(transform)).toBe(text);
  return result;
}

const classes = [...new Set(fixture.random.map(({ name }) => name))];
test.each(classes)("%s", (name) => {
  const Class = Reflect.get(transforms, name) as new (o: object) => { forward(x: torch.Tensor): torch.Tensor };
  fixture.random.forEach((row, i) => {
    if (row.name !== name) return;
    const result = drawn(new Class(camelKeys(row.options)), image("rgb"), row);
    expect([row, distance(result, array(`random/${i}`))]).toEqual([row, 0]);
  });
});

test("RandomErasing", () => {
  fixture.erasing.forEach((row, i) => {
    const result = drawn(new transforms.RandomErasing(row.options), floats("rgb"), row);
    expect([row, distance(result, array(`erasing/${i}`))]).toEqual([row, 0]);
  });
});

test("Python's random", () => {
  const { pythonRandom } = transforms;
  for (const { seed, ...expected } of fixture.python) {
    pythonRandom.seed(BigInt(seed));
    expect({
      random: [pythonRandom.random(), pythonRandom.random()],
      shuffled: pythonRandom.shuffled([0, 1, 2, 3, 4, 5, 6]),
      choice: pythonRandom.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
      weighted: pythonRandom.choice([0, 1, 2, 3], [1, 5, 2, 0.5]),
    }).toEqual(expected);
  }
  expect(() => pythonRandom.seed(1.5)).toThrow("expected an integer");
});

test("Compose, RandomApply, RandomOrder and RandomChoice", () => {
  const parts = [
    new transforms.RandomHorizontalFlip(),
    new transforms.ColorJitter(0.5),
    new transforms.RandomRotation(30),
  ];
  const made: Record<string, { forward(x: torch.Tensor): torch.Tensor }> = {
    Compose: new transforms.Compose(parts),
    RandomApply: new transforms.RandomApply(parts),
    RandomOrder: new transforms.RandomOrder(parts),
    RandomChoice: new transforms.RandomChoice(parts),
  };
  fixture.lists.forEach((row, i) => {
    const result = drawn(made[row.name] as (typeof made)[string], image("rgb"), row);
    expect([row, distance(result, array(`list/${i}`))]).toEqual([row, 0]);
  });
});
