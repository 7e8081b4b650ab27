import { sequentialSplit, splitCheck } from "@telltale/stats";
import { sum } from "../plan/arms.ts";
import type { Analysis, HealthCheck } from "../result/analysis.ts";
import type { Totals } from "../series/cumulate.ts";
import { count, percent, pWords } from "../verdict/words.ts";
import { finding, type HealthFacts } from "./facts.ts";

type Split = Analysis["split"];

/** The split at present, and the smallest p of the sequential test over the ends of the days so far. */
export function splitOf({ units, weights }: HealthFacts, totals: readonly Totals[]): Split & { isOut: boolean } {
  const { state, p, chi2, expected } = splitCheck(units, weights);
  const looks = totals.filter(({ endsDay }) => endsDay).slice(0, -1);
  let [before, isOut] = [1, false];
  for (const counts of [...looks.map((look) => look.units), units]) {
    const look = sequentialSplit(counts, weights, { before });
    before = look.p ?? before;
    isOut = look.state === "alarm";
  }
  const hasTest = sequentialSplit(units, weights).p !== null;
  return { state, p, chi2, expected, sequentialP: hasTest ? before : null, isOut };
}

/** Found, expected and shares by arm. */
function table({ plan, units, people, weights }: HealthFacts, expected: readonly number[]): string {
  const whole = sum(weights);
  return plan.arms
    .map(({ variant }, arm) => {
      const [found, planned] = [units[arm] ?? 0, (weights[arm] ?? 0) / whole];
      const share = people > 0 ? percent(found / people) : "none";
      return `${variant} ${count(found)} of ${count(expected[arm] ?? 0)} expected (${share}, planned ${percent(planned)})`;
    })
    .join("; ");
}

/**
 * Sample ratio mismatch: chi-square at 0.001 (0.01 warns), and while the experiment runs the test that may be looked
 * at at any time.
 */
export function checkSplit(facts: HealthFacts, split: Split & { isOut: boolean }): HealthCheck {
  const arms = table(facts, split.expected);
  const isOut = split.state === "alarm" || (facts.isRunning && split.isOut);
  const p = split.state === "alarm" || !isOut ? split.p : split.sequentialP;
  const test = p === null ? "" : ` (${pWords(p)})`;
  if (isOut) {
    return finding(
      "split",
      "alarm",
      `Units are not split as planned${test}: ${arms}. Whatever removes units from one arm also bends its results: look for exposures that are sent in one arm only, redirects, crashes and bots, mend it and start the experiment again.`,
      { p },
    );
  }
  switch (split.state) {
    case "warning":
      return finding(
        "split",
        "warning",
        `The split is a little off${test}: ${arms}. Chance alone does that once in a hundred times, so read the results with care.`,
        { p },
      );
    case "no-data":
    case "too-few":
      return finding("split", "pending", "Too few units to check the split: at least 5 are needed in every arm.");
    default:
      return finding("split", "ok", `Units are split as planned${test}: ${arms}.`, { p });
  }
}
