import type { HealthCheck } from "../result/analysis.ts";
import type { HealthFacts } from "./facts.ts";
import { checkMissingRows, checkPrePeriod } from "./metrics.ts";
import { checkSplit, type splitOf } from "./split.ts";
import { checkNoData, checkSettingsChanged, checkSeveralVariants, checkStaleData } from "./units.ts";

/** Every check, in a fixed order. */
export function healthOf(facts: HealthFacts, split: ReturnType<typeof splitOf>): HealthCheck[] {
  return [
    checkSplit(facts, split),
    checkSeveralVariants(facts),
    ...checkMissingRows(facts),
    ...checkPrePeriod(facts),
    checkNoData(facts),
    checkStaleData(facts),
    checkSettingsChanged(facts),
  ];
}
