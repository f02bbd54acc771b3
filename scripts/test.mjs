/**
 * Every test: vitest's for TypeScript, cargo's for Rust. Adds the suites up and ends with `N passed, N failed`; fails on any
 * failure, and when fewer tests ran than test/minimum.json says.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setup } from "./setup.mjs";

setup();
const reports = join(root, "test/reports");
mkdirSync(reports, { recursive: true });
const report = join(reports, "vitest.json");
rmSync(report, { force: true });

const vitest = spawnSync(
  "npx",
  ["--no-install", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  { cwd: root, stdio: "inherit" },
);
const counts = { passed: 0, failed: vitest.status === 0 ? 0 : 1 };
/** What failed, told once more at the end, where one looks. */
const failures = [];
try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  counts.passed = numPassedTests;
  counts.failed = Math.max(counts.failed, numFailedTests);
  for (const { name, message, assertionResults } of testResults) {
    if (message) failures.push(`${name}\n${message}`);
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === "failed") failures.push(`${name}: ${fullName}\n${failureMessages.join("\n")}`);
    }
  }
} catch (error) {
  console.error(`vitest left no report: ${error}`);
}

// cargo has no stable machine-readable report; its closing lines are `test result: ok. N passed; M failed; ...`.
// The target is named because the addon's build names it: both then share one compilation.
const host = spawnSync("rustc", ["-vV"], { encoding: "utf8" }).stdout?.match(/^host: (.*)$/m)?.[1] ?? "";
const cargo = spawnSync("cargo", ["test", "--release", "--workspace", "--target", host], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  maxBuffer: 1 << 28,
});
process.stdout.write(cargo.stdout);
let failed = 0;
for (const [, ok, bad] of cargo.stdout.matchAll(/^test result: .*? (\d+) passed; (\d+) failed/gm)) {
  counts.passed += Number(ok);
  failed += Number(bad);
}
counts.failed += cargo.status === 0 ? failed : Math.max(1, failed);
for (const failure of failures) console.log(`\nFAILED ${failure}`);

const { minimum } = JSON.parse(readFileSync(join(root, "test/minimum.json"), "utf8"));
if (counts.passed + counts.failed < minimum) {
  console.error(`only ${counts.passed + counts.failed} tests ran; test/minimum.json expects ${minimum}`);
  counts.failed += 1;
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);
