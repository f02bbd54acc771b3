import { describe } from "vitest";
import { layerContract, layerNames } from "../helpers/contracts.js";

for (const name of layerNames) describe(name, () => layerContract(name));
