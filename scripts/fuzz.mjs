/**
 * Coverage-guided fuzzing of the parsers of files: npm run fuzz -- [--seconds 60] [--runs N] [--target NAME]... [--keep]
 *
 * `--seconds` for all fuzzers together, or `--runs` for each; then the line coverage of each parser by the corpus, which must be 90 %.
 * The corpus is in crates/io/fuzz/corpus; `--keep` adds what was found to it, as little of it as keeps the coverage.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./setup.mjs";

const LEAST_COVERAGE = 90;
/** Files of crates/io that parse nothing: writing, the disk, errors, the table of opcodes, unpacking (the tar and zip crates parse). */
const NO_PARSERS = [
  ...["archive_writer.rs", "atomic.rs", "error.rs", "extract.rs", "save.rs", "source.rs", "pickle/opcode.rs"],
];
const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    runs: { type: "string" },
    target: { type: "string", multiple: true },
    keep: { type: "boolean", default: false },
  },
});

const crate = join(root, "crates/io/fuzz");
const corpus = join(crate, "corpus");
const work = join(root, "target/fuzz/work");
const host = spawnSync("rustc", ["-vV"], { encoding: "utf8" }).stdout.match(/^host: (.*)$/m)?.[1] ?? "";
const targets = options.target ?? readdirSync(corpus).sort();

// What cargo-fuzz passes on a nightly compiler, without the sanitizers that stable Rust has not; and the counters of coverage.
const FLAGS = ["-Cpasses=sancov-module", "-Cinstrument-coverage", "--cfg fuzzing"].concat(
  ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"].map((o) => `-Cllvm-args=-sanitizer-coverage-${o}`),
);
const NO_PROFILE = { ...process.env, LLVM_PROFILE_FILE: "/dev/null" };
const fuzzer = join(build("candlewick-io-fuzz", FLAGS.join(" ")), "fuzz");

const jobs = Math.max(1, Math.min(availableParallelism(), targets.length));
const seconds = Math.max(1, Math.floor((Number(options.seconds) * jobs) / targets.length));
const queue = [...targets];
let failed = 0;
await Promise.all(Array.from({ length: jobs }, worker));
if (options.keep) for (const target of targets) keep(target);
if (options.target === undefined && !coverage()) failed += 1;
process.exit(failed === 0 ? 0 : 1);

async function worker() {
  for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
    if ((await fuzz(target)) !== 0) failed += 1;
  }
}

/** Runs a fuzzer, which adds to a copy of the corpus, and prints its last line. */
function fuzz(target) {
  const found = join(work, target);
  mkdirSync(found, { recursive: true });
  const limit = options.runs === undefined ? `-max_total_time=${seconds}` : `-runs=${options.runs}`;
  const args = [
    ...[found, join(corpus, target), limit, "-max_len=2048", "-timeout=30", "-rss_limit_mb=4096"],
    ...["-print_final_stats=1", "-verbosity=1", "-seed=1", `-artifact_prefix=${work}/${target}-`],
  ];
  return new Promise((done) => {
    const child = spawn(fuzzer, args, {
      env: { ...NO_PROFILE, FUZZ_TARGET: target },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let tail = "";
    child.stderr.on("data", (text) => {
      tail = (tail + text).slice(-20_000);
      const runs = Number(String(text).match(/^#(\d+)\s+pulse/m)?.[1] ?? 0);
      if (runs >= 1e6) console.log(`fuzz ${target}: ${runs.toLocaleString("en")} runs so far`);
    });
    child.on("close", (code) => {
      const runs = tail.match(/number_of_executed_units: (\d+)/)?.[1] ?? "0";
      console.log(
        `fuzz ${target}: ${Number(runs).toLocaleString("en")} runs, ${code === 0 ? "no finding" : "a FINDING"}`,
      );
      if (code !== 0) console.log(tail.replace(/^#\d+\s.*\n/gm, ""));
      done(code ?? 1);
    });
  });
}

/** Adds what was found to the corpus, as little as keeps the coverage. */
function keep(target) {
  const merged = join(work, `${target}.merged`);
  rmSync(merged, { recursive: true, force: true });
  mkdirSync(merged, { recursive: true });
  const args = ["-merge=1", "-max_len=4096", merged, join(corpus, target), join(work, target)];
  spawnSync(fuzzer, args, { env: { ...NO_PROFILE, FUZZ_TARGET: target }, stdio: "ignore" });
  cpSync(merged, join(corpus, target), { recursive: true });
}

/** Prints the line coverage of each parser by the corpus. */
function coverage() {
  const profiles = readdirSync(corpus).map((target) => {
    const profile = join(work, `${target}.profraw`);
    const env = { ...process.env, FUZZ_TARGET: target, LLVM_PROFILE_FILE: profile };
    const ran = spawnSync(fuzzer, ["-runs=0", join(corpus, target)], { env, stdio: "ignore" });
    if (ran.status !== 0) throw new Error(`the corpus of ${target} is a finding`);
    return profile;
  });
  const args = [fuzzer, join(root, "crates/io/src"), String(LEAST_COVERAGE), NO_PARSERS.join(","), ...profiles];
  return (
    spawnSync(join(build("candlewick-io-coverage", ""), "candlewick-io-coverage"), args, {
      stdio: "inherit",
      env: NO_PROFILE,
    }).status === 0
  );
}

/** Builds a package of the fuzzers' workspace, and gives its program. */
function build(name, flags) {
  const folder = join(root, "target/fuzz", name);
  const args = ["build", "--release", "--quiet", "--locked", "--target", host, "--target-dir", folder, "-p", name];
  const env = { ...NO_PROFILE, RUSTFLAGS: flags };
  if (spawnSync("cargo", args, { cwd: crate, env, stdio: "inherit" }).status !== 0) {
    throw new Error(`${name} could not be built`);
  }
  return join(folder, host, "release");
}
