/** What a command of the command line is. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { __version__ } from "../backends.js";

/** The values of options, as they were given. */
export type Options = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** A command: `npx candlewick NAME ...`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `--help`, from the usage on. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Runs it; what it returns is printed. Errors: any, printed without a stack; {@link UsageError} ends with the usage. */
  run(positionals: readonly string[], options: Options): Promise<string>;
}

/** A failure of a part: what the others gave is printed too. */
export class PartialFailure extends Error {
  readonly out: string;

  constructor(message: string, out: string) {
    super(message);
    this.out = out;
  }
}

/** Arguments that a command cannot take: exit code 2. */
export class UsageError extends Error {}

/** What a run of the command line leaves: exit code 0 for success, 1 for a failure, 2 for arguments that are wrong. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

/** Runs `candlewick ARGS` with these commands. */
export async function runCommand(commands: readonly Command[], args: readonly string[]): Promise<Outcome> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") return { code: 0, out: `${__version__}\n`, err: "" };
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const list = overview(commands);
    return name === undefined ? { code: 2, out: "", err: list } : { code: 0, out: list, err: "" };
  }
  const command = commands.find((c) => c.name === name);
  if (command === undefined) {
    return { code: 2, out: "", err: `candlewick: there is no command ${name}\n\n${overview(commands)}` };
  }
  if (rest.includes("--help") || rest.includes("-h")) return { code: 0, out: `${command.help.trim()}\n`, err: "" };
  const title = `candlewick ${command.name}`;
  try {
    const { values, positionals } = parseArgs({ args: rest, options: command.options, allowPositionals: true });
    return { code: 0, out: await command.run(positionals, values), err: "" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const wrong =
      error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    const out = error instanceof PartialFailure ? error.out : "";
    if (!wrong) return { code: 1, out, err: `${title}: ${message}\n` };
    const usage = command.help.trim().split("\n\n")[0] ?? "";
    return { code: 2, out: "", err: `${title}: ${message}\n\n${usage}\n` };
  }
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  return [
    "Usage: candlewick COMMAND ...",
    "",
    ...commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`),
    "",
    "candlewick COMMAND --help tells more of a command. --version prints the version.",
    "",
  ].join("\n");
}
