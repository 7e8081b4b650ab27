import { readFile, writeFile } from "node:fs/promises";
import { declarationsOf } from "./declarations.ts";
import { loadRuleset, type RulesetLocation } from "./load-ruleset.ts";

export interface TypesOptions {
  origin: RulesetLocation;
  /** The file to write, or to compare with. */
  out: string;
  /** Writes nothing; answers whether the file is what would be written. */
  check: boolean;
}

/** How a command ended: 0 done, 1 the file is stale, 2 it could not be done. */
export interface ExitResult {
  code: 0 | 1 | 2;
  message: string;
}

/** `telltale types`: writes the flags' types, or says whether they are fresh. */
export async function types({ origin, out, check }: TypesOptions): Promise<ExitResult> {
  const read = await loadRuleset(origin);
  if (!read.ok) return { code: 2, message: read.problem };
  const wanted = declarationsOf(read.ruleset);
  const count = Object.keys(read.ruleset.flags).length;
  const present = await readFile(out, "utf8").catch(() => undefined);
  if (present === wanted) return { code: 0, message: `${out} is fresh: ${count} flags.` };
  if (check) {
    const how = present === undefined ? "is not there" : `is stale: ${differences(present, wanted)}`;
    return { code: 1, message: `${out} ${how}. Run "telltale types" and commit the file.` };
  }
  try {
    await writeFile(out, wanted);
  } catch (cause) {
    return { code: 2, message: `${out} cannot be written: ${(cause as Error).message}.` };
  }
  return { code: 0, message: `Wrote ${out}: ${count} flags of ${read.ruleset.environment}.` };
}

/** The flags whose lines differ. */
function differences(present: string, wanted: string): string {
  const linesOf = (text: string) =>
    new Map(text.split("\n").map((line) => [/^ {4}("(?:[^"\\]|\\.)*")/.exec(line)?.[1], line]));
  const [before, after] = [linesOf(present), linesOf(wanted)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  const changed = [...keys].filter((key) => key !== undefined && before.get(key) !== after.get(key));
  return changed.length
    ? `${changed.slice(0, 5).join(", ")}${changed.length > 5 ? ` and ${changed.length - 5} more` : ""}`
    : "its form changed";
}
