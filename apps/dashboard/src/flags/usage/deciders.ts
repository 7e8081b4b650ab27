import type { FlagConfiguration, Usage } from "../../query/outputs.ts";

/** Something that decided answers, in the words of the page beside it. */
export interface DeciderRow {
  label: string;
  /** A rule's name. */
  name?: string | undefined;
  count: number;
}

type Decided = Usage["decided"];

/** What decided, in the order of evaluation. Rules have their present names. */
export function deciderRows(decided: Decided, config: FlagConfiguration): DeciderRow[] {
  const of = (by: Decided[number]["by"]) => sum(decided.filter((one) => one.by === by));
  const known = new Set(config.rules.map(({ id }) => id));
  const gone = decided.filter(({ rule }) => rule !== undefined && !known.has(rule));
  return [
    { label: config.prerequisites?.length ? "Off, or a prerequisite not met" : "Off", count: of("off") },
    { label: "Individual targets", count: of("target") },
    ...config.rules.map(({ id, name }, at) => ({ label: `Rule ${at + 1}`, name, count: ofRule(decided, id) })),
    { label: gone.length > 1 ? "Rules that are gone" : "A rule that is gone", count: sum(gone) },
    { label: "Everyone else", count: of("everyone") },
    { label: "An error, or an SDK’s own reason", count: of("other") },
  ].filter(({ count }) => count > 0);
}

const NAMED = 5;

/** "Rules 2 and 5 decided nothing."; undefined when each did, or when the flag is off and evaluates none. */
export function idleSentence(decided: Decided, config: FlagConfiguration): string | undefined {
  if (!config.on) return undefined;
  const idle = config.rules.flatMap(({ id }, at) => (ofRule(decided, id) > 0 ? [] : [String(at + 1)]));
  if (idle.length === 0) return undefined;
  if (idle.length === 1) return `Rule ${idle[0]} decided nothing.`;
  const shown = idle.length > NAMED ? [...idle.slice(0, NAMED - 1), `${idle.length - NAMED + 1} more`] : idle;
  return `Rules ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)} decided nothing.`;
}

function ofRule(decided: Decided, id: string): number {
  return sum(decided.filter(({ rule }) => rule === id));
}

function sum(decided: Decided): number {
  return decided.reduce((total, { count }) => total + count, 0);
}
