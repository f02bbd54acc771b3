/**
 * A training that can be killed at any moment and goes on where it was, with the same bits: model, optimizer, scheduler, random
 * numbers, epoch and batch in one file, which is replaced whole. `node scripts/run.mjs examples/resume.ts [FILE]`, twice.
 */
import { existsSync } from "node:fs";
import * as torch from "candlewick";

const { nn, optim, data, vision } = torch;

interface Checkpoint {
  epoch: number;
  /** How many batches of the epoch are done. */
  batch: number;
  /** The random numbers before the epoch's order was drawn, and now. */
  order: torch.Tensor;
  now: torch.Tensor;
  model: torch.nn.StateDict;
  optimizer: torch.optim.OptimizerStateDict;
  scheduler: Record<string, unknown>;
}

const file = process.argv[2] ?? "resume.pth";
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 3 : 10;

torch.manualSeed(0);
const train = new vision.datasets.FashionMNISTSample({ train: true });
const loader = new data.DataLoader(train, { batchSize: 60, shuffle: true });
const model = new nn.Sequential(
  new nn.Flatten(),
  new nn.Linear(784, 32),
  new nn.ReLU(),
  new nn.Dropout(0.25),
  new nn.Linear(32, 10),
);
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.AdamW(model.parameters(), { lr: 3e-3 });
const scheduler = new optim.lrScheduler.StepLR(optimizer, 1, { gamma: 0.8 });

const done = existsSync(file) ? ((await torch.load(file)) as Checkpoint) : undefined;
if (done !== undefined) {
  model.loadStateDict(done.model);
  optimizer.loadStateDict(done.optimizer);
  scheduler.loadStateDict(done.scheduler);
}

for (let epoch = done?.epoch ?? 1; epoch <= epochs; epoch++) {
  const resumed = done !== undefined && done.epoch === epoch ? done : undefined;
  if (resumed !== undefined) torch.setRngState(resumed.order);
  const order = torch.getRngState();
  let batch = 0;
  for await (const [images, labels] of loader) {
    batch++;
    if (resumed !== undefined && batch <= resumed.batch) {
      if (batch === resumed.batch) torch.setRngState(resumed.now);
      continue;
    }
    const loss = criterion.forward(model.forward(images), labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    if (batch === loader.length) scheduler.step();
    await torch.save(
      {
        epoch,
        batch,
        order,
        now: torch.getRngState(),
        model: model.stateDict(),
        optimizer: optimizer.stateDict(),
        scheduler: scheduler.stateDict(),
      },
      file,
    );
    console.log(`epoch ${epoch} batch ${batch}: loss ${loss.item()}`);
  }
}
