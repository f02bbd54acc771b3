/** `npm run test:memory`: test/programs/soak.mjs on this Node and on every other one that test/nodes/package.json installs. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, setup } from "./setup.mjs";

setup();
const folder = join(root, "test/nodes");
if (!existsSync(join(folder, "node_modules"))) {
  console.log("Installing other versions of Node ...");
  run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", folder]);
}
const installed = existsSync(join(folder, "node_modules")) ? readdirSync(join(folder, "node_modules")) : [];
const others = installed
  .filter((name) => name.startsWith("node-"))
  .map((name) => join(folder, "node_modules", name, "bin/node"));
const results = [process.execPath, ...others].map((node) => {
  const { status } = spawnSync(node, [join(root, "test/programs/soak.mjs"), "200000", "2000"], {
    cwd: root,
    stdio: "inherit",
  });
  return status === 0;
});
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${results.length - passed} failed`);
process.exit(passed === results.length ? 0 : 1);
