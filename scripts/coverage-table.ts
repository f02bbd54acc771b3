/** The text of COVERAGE.md. */
import { type Count, groupBy } from "../test/conformance/report.js";

/** A name some of whose samples fail. */
export interface Partly extends Count {
  name: string;
  /** Why the first one does. */
  reason: string;
}

/** The names of one namespace by state. Pairs are a reason and a name. */
export interface Section {
  namespace: string;
  /** What a reader should know of all of it. */
  note?: string | undefined;
  done: string[];
  elsewhere: [how: string, name: string][];
  partial: Partly[];
  notYet: string[];
  willNot: [reason: string, name: string][];
}

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

/** `reason: names` for each reason. */
function byReason(pairs: readonly (readonly [string, string])[]): string[] {
  const groups = groupBy(pairs, ([reason]) => reason);
  return [...groups].map(([reason, group]) => `- ${reason}: ${list(group.map(([, name]) => name))}`);
}

function chapter({ namespace, note, done, elsewhere, partial, notYet, willNot }: Section): string[] {
  const row = ({ name, passed, total, reason }: Partly) => `| \`${name}\` | ${passed}/${total} | ${reason} |`;
  return [
    `## ${namespace}`,
    ...(note === undefined ? [] : ["", note]),
    ...(done.length > 0 ? ["", `**Done:** ${list(done)}`] : []),
    ...(elsewhere.length > 0 ? ["", "**Done in another form:**", ...byReason(elsewhere)] : []),
    ...(partial.length > 0
      ? ["", "**Partial:**", "", "| name | samples | the first failure |", "|---|---|---|", ...partial.map(row)]
      : []),
    ...(notYet.length > 0 ? ["", `**Not yet:** ${list(notYet)}`] : []),
    ...(willNot.length > 0 ? ["", "**Will not:**", ...byReason(willNot)] : []),
    "",
  ];
}

function summary(sections: readonly Section[]): string[] {
  const cells = (s: Section) => [
    s.done.length + s.elsewhere.length,
    s.partial.length,
    s.notYet.length,
    s.willNot.length,
  ];
  const sums = sections.map(cells).reduce((a, b) => a.map((n, i) => n + (b[i] ?? 0)), [0, 0, 0, 0]);
  const row = (name: string, numbers: readonly number[]) => `| ${name} | ${numbers.join(" | ")} |`;
  return [
    "| namespace | done | partial | not yet | will not |",
    "|---|---|---|---|---|",
    ...sections.map((s) => row(s.namespace, cells(s))),
    row("**all**", sums),
  ];
}

/** The whole. */
export function document(
  versions: { torch: string; torchvision: string },
  counts: Readonly<Record<string, Count>>,
  sections: readonly Section[],
  edgeReasons: Readonly<Record<string, string[]>>,
): string {
  const samples = Object.entries(counts).map(([what, { passed, total }]) => `${passed} of ${total} ${what}' samples`);
  return [
    "# Coverage",
    "",
    `Every public name of PyTorch ${versions.torch} and TorchVision ${versions.torchvision}, in PyTorch's spelling (here in camelCase, but for`,
    "classes). Written by `npm run coverage`: do not edit. Done: it is here, and every sample of it that PyTorch's own test suite",
    `holds passes. Of all samples pass: ${samples.join(", ")}.`,
    "",
    ...summary(sections),
    "",
    ...sections.flatMap(chapter),
    "## Edge values",
    "",
    "Of the samples with NaN, infinities, ties, denormals and half precision some fail, of these names:",
    "",
    ...Object.entries(edgeReasons).map(([reason, names]) => `- ${reason}: ${list(names)}`),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}
