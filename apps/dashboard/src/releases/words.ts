import { formatParts, WHOLE } from "@telltale/ui";
import type { ReleaseSummary } from "../query/outputs.ts";

/** What is served of it now, in a sentence: "10 % get `on` by rule german". */
export function exposureSentence({ plan, parts, status }: Pick<ReleaseSummary, "plan" | "parts" | "status">): string {
  if (status === "draft" || status === "scheduled") return `Nobody gets "${plan.variant}" by it yet.`;
  if (parts === null) return `Nobody gets "${plan.variant}" by it.`;
  const who = parts === WHOLE ? "Everybody" : formatParts(parts);
  return `${who} ${parts === WHOLE ? "gets" : "get"} "${plan.variant}".`;
}

/** Whom a release is about: "everyone else", or a rule by its id. */
export function describeReleased({ rule }: ReleaseSummary["plan"]): string {
  return rule === null ? "everyone else" : `rule ${rule}`;
}

/** Whether something of it can still happen by itself, so that the page keeps looking. */
export function isMoving({ status }: Pick<ReleaseSummary, "status">): boolean {
  return ["scheduled", "running", "paused", "baking", "rolling_back"].includes(status);
}

/** How often a page that shows one that moves looks again, milliseconds; false: not at all. */
export function lookAgainMs(releases: readonly Pick<ReleaseSummary, "status">[]): number | false {
  return releases.some(isMoving) ? 2_000 : false;
}
