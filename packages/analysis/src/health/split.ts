import { type SequentialSplit, sequentialSplit, splitCheck } from "@telltale/stats";
import { sum } from "../plan/arms.ts";
import type { Analysis, HealthCheck } from "../result/analysis.ts";
import type { Totals } from "../series/cumulate.ts";
import { count, formatFraction, pWords } from "../verdict/words.ts";
import { finding, type HealthFacts } from "./facts.ts";

type Split = Analysis["split"];

/** A split at which units come this unlikely is warned of; the alarm is the statistics' own, at 0.001. */
const WARNING_BELOW = 0.01;

/**
 * The split: judged by the sequential test alone, at the ends of the days so far and now, as one question has one test.
 * Chi-square and its p are figures: looked at again and again they would alarm by chance.
 */
export function splitOf({ units, weights }: HealthFacts, totals: readonly Totals[]): Split {
  const { p, chi2, expected } = splitCheck(units, weights);
  const ends = totals.filter(({ endsDay }) => endsDay).slice(0, -1);
  return { ...judgeSplit([...ends.map((look) => look.units), units], weights), p, chi2, expected };
}

/** The sequential test over looks; `alpha` is the level of the alarm. */
export function judgeSplit(
  looks: readonly (readonly number[])[],
  weights: readonly number[],
  alpha = 0.001,
): Pick<Split, "state" | "sequentialP"> {
  let before = 1;
  let found: SequentialSplit = { state: "no_data", p: null, logEvidence: null };
  for (const counts of looks) {
    found = sequentialSplit(counts, weights, { before, alpha });
    before = found.p ?? before;
  }
  const { state, p } = found;
  if (state !== "ok") return { state: stateNames[state], sequentialP: p };
  return { state: p !== null && p < (WARNING_BELOW / 0.001) * alpha ? "warning" : "ok", sequentialP: p };
}

const stateNames = {
  alarm: "alarm",
  no_data: "no-data",
  too_few: "too-few",
  one_arm: "one-arm",
} as const satisfies Record<Exclude<SequentialSplit["state"], "ok">, Split["state"]>;

/** Found, expected and shares by arm. */
function table({ plan, units, people, weights }: HealthFacts, expected: readonly number[]): string {
  const whole = sum(weights);
  return plan.arms
    .map(({ variant }, arm) => {
      const [found, planned] = [units[arm] ?? 0, (weights[arm] ?? 0) / whole];
      const share = people > 0 ? formatFraction(found / people) : "none";
      return `${variant} ${count(found)} of ${count(expected[arm] ?? 0)} expected (${share}, planned ${formatFraction(planned)})`;
    })
    .join("; ");
}

/** Sample ratio mismatch, by the test that may be looked at at any time: 0.001 alarms, 0.01 warns. */
export function checkSplit(facts: HealthFacts, split: Split): HealthCheck {
  const arms = table(facts, split.expected);
  const p = split.sequentialP;
  const test = p === null ? "" : ` (${pWords(p)} at any time)`;
  switch (split.state) {
    case "alarm":
      return finding(
        "split",
        "alarm",
        `Units are not split as planned${test}: ${arms}. Whatever removes units from one arm also bends its results: look for exposures that are sent in one arm only, redirects, crashes and bots, mend it and start the experiment again.`,
        { p },
      );
    case "warning":
      return finding(
        "split",
        "warning",
        `The split is a little off${test}: ${arms}. Chance alone does that at some time in one of a hundred experiments, so read the results with care.`,
        { p },
      );
    case "no-data":
    case "too-few":
      return finding("split", "pending", "Too few units to check the split: at least 5 are expected in every arm.");
    case "one-arm":
      return finding("split", "pending", "Only one arm has a share of the traffic, so there is no split to check.");
    case "ok":
      return finding("split", "ok", `Units are split as planned${test}: ${arms}.`, { p });
    default: {
      const never: never = split.state;
      return never;
    }
  }
}
