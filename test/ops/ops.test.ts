import { describe } from "vitest";
import { opContract, opNames } from "../helpers/contracts.js";

for (const name of opNames) describe(name, () => opContract(name));
