import type { Sizing } from "../progress/sizing.ts";
import type { Analysis, HealthCheck } from "../result/analysis.ts";
import type { HealthFacts } from "./facts.ts";
import { checkMissingRows, checkPrePeriod } from "./metrics.ts";
import { checkPower } from "./power.ts";
import { checkSplit } from "./split.ts";
import { checkNoData, checkSettingsChanged, checkSeveralVariants, checkStaleData } from "./units.ts";

/** Every check, in a fixed order. */
export function healthOf(facts: HealthFacts, split: Analysis["split"], sizing: Sizing | null): HealthCheck[] {
  return [
    checkSplit(facts, split),
    checkSeveralVariants(facts),
    ...checkMissingRows(facts),
    ...checkPrePeriod(facts),
    checkNoData(facts),
    checkStaleData(facts),
    checkSettingsChanged(facts),
    checkPower(facts, sizing),
  ];
}
