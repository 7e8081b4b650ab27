import { mergeMoments, momentsOf, noMoments } from "../../moments/moments.ts";
import { alphaOfEach } from "../../release/family.ts";
import { type MeanGuard, type MeanStep, readMeans } from "../../release/read-means.ts";
import { splitOverSteps } from "../../release/split-over-steps.ts";
import { binomial, gaussian, type Random, times, tossMany } from "../random.ts";
import type { Grid, GridWorld, Scenario } from "../scenario.ts";
import { RELEASE, secondsUntilFound, USUAL } from "./failures.ts";

const SHARES = [0.01, 0.05, 0.25, 0.5];
const LOOKS = 80;
const UNITS = 400;

interface Latency {
  /** Harm in milliseconds, of values with a mean of about 165 and a deviation of about 216. */
  harm: number;
  /** By how much the busiest time is slower than the quietest, times. */
  swing: number;
  guard: MeanGuard;
  /** All steps taken for one. */
  pooled?: boolean;
}

/** What the guard says at every look: latencies are lognormal, with a skewness of 6. */
function latencies(random: Random, { harm, swing, guard, pooled = false }: Latency): string[] {
  const steps: MeanStep[] = SHARES.map(() => ({ treated: noMoments, control: noMoments }));
  return times(LOOKS, (look) => {
    const index = Math.floor((look * SHARES.length) / LOOKS);
    const treated = binomial(random, UNITS, SHARES[index] ?? 0);
    const busy = 1 + (swing * look) / LOOKS;
    const values = (n: number, more: number) =>
      momentsOf(times(n, () => 100 * busy * Math.exp(gaussian(random)) + more));
    const step = steps[index];
    if (step) {
      step.treated = mergeMoments(step.treated, values(treated, harm));
      step.control = mergeMoments(step.control, values(UNITS - treated, 0));
    }
    return readMeans(pooled ? [together(steps)] : steps, guard).state;
  });
}

function together(steps: readonly MeanStep[]): MeanStep {
  return steps.reduce((all, { treated, control }) => ({
    treated: mergeMoments(all.treated, treated),
    control: mergeMoments(all.control, control),
  }));
}

const MARGIN = 20;
const guard: MeanGuard = { direction: "decrease", margin: MARGIN, alpha: RELEASE };

function latencyWorlds(state: string, swings: readonly number[], pooled = false): GridWorld[] {
  return swings.map((swing) => ({
    name: swing === 0 ? "steady" : `up to ${1 + swing} times as slow`,
    cells: [""],
    happens: (random) => [latencies(random, { harm: MARGIN, swing, guard, pooled }).includes(state)],
  }));
}

/** A release without harm, with two guards of failing units and one of latency: is it undone? */
function isUndone(random: Random): boolean {
  const alpha = alphaOfEach(3);
  const common = { unitsPerSecond: 100, ratio: 1, margin: 0, shares: USUAL };
  const failing = [0.005, 0.02].some((base) => Number.isFinite(secondsUntilFound(random, { ...common, base }, alpha)));
  if (failing) return true;
  const own: MeanGuard = { direction: "decrease", margin: 0, alpha };
  return latencies(random, { harm: 0, swing: 1, guard: own }).includes("breached");
}

/** Units of four steps at 500 looks; of the treated a share is lost. */
function isSplitAlarmed(random: Random, lost: number, alpha: number): boolean {
  const steps = SHARES.map((share) => ({ share, treated: 0, control: 0 }));
  let before = 1;
  for (let look = 0; look < 500; look++) {
    const step = steps[Math.floor((look * SHARES.length) / 500)];
    if (!step) continue;
    const treated = tossMany(random, 20_000, step.share);
    step.treated += treated - (lost === 0 ? 0 : binomial(random, treated, lost));
    step.control += 20_000 - treated;
    const { state, p } = splitOverSteps(steps, { alpha, before });
    if (state === "alarm") return true;
    before = p ?? before;
  }
  return false;
}

/** What guards of a release beside those of failing units promise, and all together. */
export const releaseGuards: (Scenario | Grid)[] = [
  {
    name: "release, no harm, three guards that share alpha",
    what: "undone",
    level: RELEASE,
    promise: "at_most",
    happens: isUndone,
    cost: 4,
  },
  {
    name: "release, latency, harm of its margin, 80 looks",
    what: "breached",
    level: RELEASE,
    promise: "at_most",
    worlds: latencyWorlds("breached", [0, 2]),
    cost: 4,
  },
  {
    name: "release, latency, harm of its margin, 80 looks",
    what: "cleared",
    level: RELEASE,
    promise: "at_most",
    worlds: latencyWorlds("cleared", [0, 2]),
    cost: 4,
  },
  {
    name: "release, latency, steps not told apart",
    what: "breached",
    level: RELEASE,
    promise: "none",
    worlds: latencyWorlds("breached", [2], true),
    cost: 8,
  },
  {
    name: "release, latency, harm of 60 ms where 20 are tolerated",
    what: "breached",
    level: 0.9,
    promise: "at_least",
    happens: (random) => latencies(random, { harm: 60, swing: 0, guard }).includes("breached"),
    cost: 8,
  },
  {
    name: "release, split over four steps, 500 looks at 0.001",
    what: "false alarms",
    level: 0.001,
    promise: "at_most",
    happens: (random) => isSplitAlarmed(random, 0, 0.001),
    cost: 2,
  },
  {
    name: "release, one in 50 treated units lost",
    what: "finds",
    level: 0.9,
    promise: "at_least",
    happens: (random) => isSplitAlarmed(random, 0.02, 0.001),
    cost: 8,
  },
];
