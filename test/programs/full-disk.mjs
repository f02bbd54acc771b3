/** Writes to a disk that becomes full: node full-disk.mjs FOLDER. Each file stays as it was, and the error says why. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../dist/index.js";

const folder = process.argv[2];
const small = { x: torch.ones(1000) };
const large = { x: torch.ones(1_000_000), y: "y".repeat(4_000_000) };
const writers = {
  "a.pth": (o, path) => torch.save(o, path),
  "sync.pth": async (o, path) => torch.saveSync(o, path),
  "a.safetensors": ({ x }, path) => torch.safetensors.save({ x }, path),
  "a.npz": ({ x }, path) => torch.numpy.save({ x }, path),
  "a.npy": ({ x }, path) => torch.numpy.save(x, path),
  "a.pkl": ({ y = "" }, path) => torch.pickle.dump({ y }, path),
};
for (const [name, write] of Object.entries(writers)) {
  const path = join(folder, name);
  await write(small, path);
  const before = readFileSync(path);
  let message = "written";
  try {
    await write(large, path);
  } catch (error) {
    message = error instanceof torch.IOError ? error.message : `no IOError: ${error}`;
  }
  const whole = before.equals(readFileSync(path)) ? "the old file is whole" : "the old file is damaged";
  console.log(`${name}: ${message.includes("No space left on device") ? "full" : message}; ${whole}`);
}
const rubbish = readdirSync(folder).filter((name) => !(name in writers));
console.log(`rubbish: ${rubbish.join(", ") || "none"}`);
