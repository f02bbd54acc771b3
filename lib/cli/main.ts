#!/usr/bin/env node
/** The command line: `npx candlewick`. */
import { runCommand } from "./command.js";
import { convert } from "./convert.js";
import { inspect } from "./inspect.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return; // the reader has seen enough: candlewick inspect FILE | head
  process.stderr.write(`candlewick: ${error.message}\n`);
  process.exitCode = 1;
});
const { code, out, err } = await runCommand([inspect, convert], process.argv.slice(2));
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
