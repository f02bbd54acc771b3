/**
 * Sets up what a fresh clone lacks: npm packages, the native addon, the compiled TypeScript. Each only when it is missing or
 * older than its sources. `node scripts/setup.mjs`; the other scripts call `setup()` first.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command with its output shown; ends this process when it fails. */
export function run(command, args, env = {}) {
  const shell = process.platform === "win32" && command !== process.execPath; // npm is a script there
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell,
    env: { ...process.env, ...env },
  });
  if (error?.code === "ENOENT") {
    console.error(
      `\n${command} was not found.${command === "cargo" ? " Install a Rust toolchain: https://rustup.rs" : ""}`,
    );
  }
  if (status !== 0) process.exit(status ?? 1);
}

/** The newest change below a path, in milliseconds; 0 where there is nothing. */
function newest(path, wanted = () => true) {
  const full = join(root, path);
  if (!existsSync(full)) return 0;
  const stat = statSync(full);
  if (!stat.isDirectory()) return wanted(full) ? stat.mtimeMs : 0;
  return Math.max(0, ...readdirSync(full).map((name) => newest(join(path, name), wanted)));
}

function addonTime() {
  const addons = readdirSync(root).filter((name) => name.endsWith(".node"));
  return Math.max(0, ...addons.map((name) => statSync(join(root, name)).mtimeMs));
}

function cores() {
  const n = availableParallelism();
  return n === 1 ? "1 core" : `${n} cores`;
}

/** How long the first compilation takes: measured as 5 minutes of one core, of which one is spent on a single crate. */
function minutes() {
  const n = Math.max(1.5, 5 / availableParallelism());
  return n < 2 ? "2 minutes" : `${Math.ceil(n)} minutes`;
}

export function setup() {
  if (newest("node_modules/.package-lock.json") < newest("package.json")) {
    console.log("Installing the npm packages ...");
    run("npm", ["install", "--no-audit", "--no-fund"]);
  }
  const rust = (file) => /\.rs$|Cargo\.toml$/.test(file) && !/[\\/](tests|examples)[\\/]/.test(file);
  const sources = Math.max(
    newest("crates", rust),
    newest("Cargo.toml"),
    newest("Cargo.lock"),
    newest("scripts/native-header.d.ts"),
  );
  if (addonTime() < sources || !existsSync(join(root, "native.cjs"))) {
    const known = addonTime() > 0;
    console.log(
      known
        ? "Compiling what changed of the engine ..."
        : `Compiling the engine: about ${minutes()} on ${cores()}, once. Cargo says how far it is:`,
    );
    const start = performance.now();
    run("npm", ["run", "--silent", "build:native"]);
    console.log(`The engine is compiled (${Math.round((performance.now() - start) / 1000)} s).`);
  }
  if (newest("dist") < Math.max(newest("lib"), newest("index.d.ts"), newest("tsconfig.json"))) {
    console.log("Compiling the TypeScript ...");
    run("npm", ["run", "--silent", "build:ts"]);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
