import { checkLevel } from "../ratios.ts";
import { chanceFound, type ExpectedStep, gainsOf } from "./chance.ts";

/** A step of a release as planned. */
export interface PlannedStep {
  /** Share of units that are treated, 0 to 1. */
  share: number;
  seconds: number;
}

export interface DetectionPlan {
  /** Units that are exposed a second, of both arms, each counted once. */
  unitsPerSecond: number;
  /** Share of the control's units that fail, 0 to 1. */
  baseRate: number;
  steps: readonly PlannedStep[];
  /** The guard's own error level. */
  alpha: number;
  /** Harm that is tolerated: 0.1 is a failure rate 1.1 times that of the control. */
  margin: number;
  /** Chance with which harm is to be found. Default 0.8. */
  power?: number;
  /** Seconds from look to look; harm is found at a look. Default 5. */
  lookEvery?: number;
}

export interface Detectable {
  /**
   * For each step the smallest rate ratio that is found with the power by the end of the step, steps before it included;
   * null where no ratio of 50 or less is: the step can find nothing.
   */
  steps: { share: number; endsAt: number; smallest: number | null }[];
  /** Median seconds from the start until harm of some sizes is found; null where the steps end before. */
  medians: { ratio: number; seconds: number | null }[];
}

/** Rate ratios of which it is said how long they take. */
const TOLD = [2, 5, 10] as const;
const LARGEST = 50;

/** The steps as they stand so many seconds after the start, of a release with this rate ratio. */
function expectedAt({ plan, gains }: Prepared, ratio: number, at: number): ExpectedStep[] {
  let start = 0;
  return plan.steps.flatMap(({ share, seconds }, i) => {
    const units = plan.unitsPerSecond * Math.min(seconds, at - start);
    start += seconds;
    const own = gains[i];
    if (units <= 0 || share <= 0 || share >= 1 || !own) return [];
    const treated = units * share * Math.min(1, plan.baseRate * ratio);
    return [{ treated, control: units * (1 - share) * plan.baseRate, ...own }];
  });
}

interface Prepared {
  plan: DetectionPlan;
  gains: ReturnType<typeof gainsOf>[];
  needed: number;
}

function chanceBy(prepared: Prepared, ratio: number, at: number): number {
  const steps = expectedAt(prepared, ratio, at);
  return steps.length === 0 ? 0 : chanceFound(steps, prepared.needed);
}

const ROUNDS = 12;

/** The smallest x between both ends at which something holds that holds from there on; null where it never does. */
function firstWhere(low: number, high: number, holds: (x: number) => boolean): number | null {
  if (!holds(high)) return null;
  let [before, from] = [low, high];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (before + from) / 2;
    if (holds(middle)) from = middle;
    else before = middle;
  }
  return from;
}

/**
 * What a failing-unit guard can find at a flag's traffic, before the release starts. By expected evidence, in a few
 * milliseconds: chances are within 0.05 of those by simulation, medians within 10 % and one look (detectable.test.ts). With a
 * base rate of 0 nothing can be said of ratios, and all is null.
 * Throws RangeError for what is no rate, share, time, power or error level: a caller's bug.
 */
export function detectable(plan: DetectionPlan): Detectable {
  check(plan);
  const { steps, alpha, margin, power = 0.8, baseRate, unitsPerSecond, lookEvery = 5 } = plan;
  const gains = steps.map(({ share }) => gainsOf(share, 1 + margin));
  const prepared: Prepared = { plan, gains, needed: -Math.log(alpha) };
  const isBlind = baseRate === 0 || unitsPerSecond === 0;
  const largest = isBlind ? 0 : Math.min(LARGEST, 1 / baseRate);
  let endsAt = 0;
  const found = steps.map(({ share, seconds }) => {
    endsAt += seconds;
    const end = endsAt;
    const finds = (logRatio: number) => chanceBy(prepared, Math.exp(logRatio), end) >= power;
    const log = isBlind ? null : firstWhere(Math.log(1 + margin), Math.log(largest), finds);
    return { share, endsAt: end, smallest: log === null ? null : Math.exp(log) };
  });
  const medians = TOLD.map((ratio) => {
    const finds = (at: number) => chanceBy(prepared, ratio, at) >= 0.5;
    const seconds = ratio > largest ? null : firstWhere(0, endsAt, finds);
    return { ratio, seconds: seconds === null ? null : Math.ceil(seconds / lookEvery) * lookEvery };
  });
  return { steps: found, medians };
}

function check({ unitsPerSecond, baseRate, steps, alpha, margin, power = 0.8, lookEvery = 5 }: DetectionPlan): void {
  checkLevel(alpha);
  const isShare = (x: number) => x >= 0 && x <= 1;
  const isSize = (x: number) => x >= 0 && x <= 1e12;
  if (!isSize(unitsPerSecond)) throw new RangeError(`unitsPerSecond must be 0 to 1e12, not ${unitsPerSecond}.`);
  if (!isShare(baseRate)) throw new RangeError(`baseRate must lie between 0 and 1, not ${baseRate}.`);
  if (!(margin >= 0 && margin <= 10)) throw new RangeError(`margin must lie between 0 and 10, not ${margin}.`);
  if (!(lookEvery > 0 && isSize(lookEvery))) throw new RangeError(`lookEvery must be seconds, not ${lookEvery}.`);
  if (!(power > 0 && power < 1)) throw new RangeError(`power must lie between 0 and 1, not ${power}.`);
  if (!steps.every(({ share, seconds }) => isShare(share) && isSize(seconds))) {
    throw new RangeError("A step needs a share between 0 and 1 and seconds from 0 to 1e12.");
  }
}
