import { formatP, type HealthItem } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Check = Snapshot["health"][number];

/** What each check is called. */
export const CHECKS: Record<Check["check"], string> = {
  split: "Split",
  several_variants: "One variant each",
  missing_rows: "Complete rows",
  pre_period_difference: "Alike before",
  no_data: "Data",
  stale_data: "Fresh data",
  settings_changed: "As planned",
  power: "Power",
};

/**
 * The checks of the analysis as the strip shows them; those of one metric name it. What happened to the flag meanwhile
 * is no part of a snapshot: it breaks "As planned" at once.
 */
export function healthList(
  { health, metrics }: Pick<Snapshot, "health" | "metrics">,
  flagChanges: ExperimentDetail["flagChanges"] = [],
): HealthItem[] {
  return health.map((found) => {
    const { check, state, sentence, metric, p } =
      found.check === "settings_changed" ? withFlag(found, flagChanges) : found;
    const name = metrics.find(({ key }) => key === metric)?.name ?? metric;
    const label = name === null ? CHECKS[check] : `${CHECKS[check]}: ${name}`;
    const saysP = p === null || /\bp\s*[=<.\d]/.test(sentence);
    return { key: `${check} ${metric}`, state, label, detail: saysP ? sentence : `${sentence} (${formatP(p)})` };
  });
}

function withFlag(found: Check, flagChanges: ExperimentDetail["flagChanges"]): Check {
  if (flagChanges.length === 0) return found;
  const sentences = flagChanges.map(({ sentence }) => sentence);
  if (found.state !== "ok") sentences.push(found.sentence);
  return { ...found, state: "warning", sentence: sentences.join(" ") };
}
