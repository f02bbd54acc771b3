/** The layers over images and sequences that PyTorch's own samples do not cover, against its numbers. */
import { describe } from "vitest";
import { type LayerCase, layerContract, type OpCase, opContract } from "../helpers/contracts.js";
import { fixture } from "../helpers/fixtures.js";

const { ops, layers } = fixture<{ ops: OpCase[]; layers: LayerCase[] }>("spatial.json");

for (const op of new Set(ops.map((c) => c.op))) describe(op, () => opContract(op, ops));
for (const name of new Set(layers.map((c) => c.layer))) describe(name, () => layerContract(name, layers));
