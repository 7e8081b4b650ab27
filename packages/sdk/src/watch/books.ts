import { REPORT_UNITS, sketchOf } from "@telltale/evaluator/sketch";
import type { NewEvent } from "../queue/ledger.ts";

/** Whom a rule served what: observations are booked to these. */
export interface ServedArm {
  flag: string;
  /** Empty for everyone else. */
  rule: string;
  variant: string;
  /** Ruleset version that decided. */
  version: number;
  /** The unit's hash, as sketches keep it. */
  unit: number;
}

/** What was observed since the last report, by arm and metric. */
export interface Books {
  /** A unit was served. */
  expose(arm: ServedArm): void;
  /** Something was observed; `isFailure` says whether it counts against the arm's unit. */
  observe(arm: ServedArm, metric: string, value: number | undefined, isFailure: boolean): void;
  /** Reports all of it; what the reporter throws at stays. */
  close(report: (event: NewEvent) => unknown): void;
}

interface Tally {
  arm: ServedArm;
  metric: string;
  count: number;
  sum: number | undefined;
  squares: number;
  halvings: number;
  units: Set<number>;
}

/** So many arms' metrics are added up between two reports; others are not noted until then. */
const TALLIES_MAX = 500;
/** So many units are remembered as reported before all are forgotten; reporting one again is harmless. */
const SEEN_MAX = 20_000;
/** A report's units are thinned when there are so many. */
const UNITS_MAX = 8 * REPORT_UNITS;

export function createBooks(): Books {
  const tallies = new Map<string, Tally>();
  const seen = new Set<string>();
  /** Notes one observation, if there is room. */
  const note = (key: string, arm: ServedArm, metric: string): Tally | undefined => {
    let tally = tallies.get(key);
    if (!tally) {
      if (tallies.size >= TALLIES_MAX) return undefined;
      tally = { arm, metric, count: 0, sum: undefined, squares: 0, halvings: 0, units: new Set() };
      tallies.set(key, tally);
    }
    tally.count++;
    return tally;
  };
  const thin = (tally: Tally, most: number) => {
    const { halvings, units } = sketchOf(tally.units, most, tally.halvings);
    tally.halvings = halvings;
    tally.units = new Set(units);
  };
  const add = (tally: Tally, unit: number) => {
    tally.units.add(unit);
    if (tally.units.size > UNITS_MAX) thin(tally, REPORT_UNITS);
  };
  return {
    expose(arm) {
      const key = keyOf(arm, "exposed");
      const tally = note(key, arm, "exposed");
      const one = `${key}\n${arm.unit}`;
      if (!tally || seen.has(one)) return;
      if (seen.size >= SEEN_MAX) seen.clear();
      seen.add(one);
      add(tally, arm.unit);
    },
    observe(arm, metric, value, isFailure) {
      const tally = note(keyOf(arm, metric), arm, metric);
      if (!tally) return;
      if (value !== undefined) {
        tally.sum = (tally.sum ?? 0) + value;
        tally.squares += value * value;
      }
      if (isFailure) add(tally, arm.unit);
    },
    close(report) {
      for (const [key, tally] of tallies) {
        thin(tally, REPORT_UNITS);
        const { arm, metric, count, sum, squares, halvings, units } = tally;
        const { flag, rule, variant, version } = arm;
        report({
          type: "observations",
          flag,
          rule,
          variant,
          version,
          metric,
          count,
          ...(units.size && { units: { halvings, units: [...units] } }),
          ...(sum !== undefined && Number.isFinite(squares) && { sum, squares }),
        });
        tallies.delete(key);
      }
    },
  };
}

/** Keys of flags, rules and variants hold no line breaks; the metric, which may, comes last. */
function keyOf({ flag, rule, variant, version }: ServedArm, metric: string): string {
  return `${flag}\n${rule}\n${variant}\n${version}\n${metric}`;
}
