import { formatP, type HealthCheck } from "@telltale/ui";
import type { Snapshot } from "../../query/outputs.ts";

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
};

/** The checks of the analysis as the strip shows them; those of one metric name it. */
export function healthList({ health, metrics }: Pick<Snapshot, "health" | "metrics">): HealthCheck[] {
  return health.map(({ check, state, sentence, metric, p }) => {
    const name = metrics.find(({ key }) => key === metric)?.name ?? metric;
    const label = name === null ? CHECKS[check] : `${CHECKS[check]}: ${name}`;
    const saysP = p === null || /\bp\s*[=<.\d]/.test(sentence);
    return { key: `${check} ${metric}`, state, label, detail: saysP ? sentence : `${sentence} (${formatP(p)})` };
  });
}
