import { type Measured, skewnessByBoth } from "../../inference/tails.ts";
import { requiredUnits } from "../../power/size.ts";
import { baselineOf } from "../../power/spread.ts";
import { binomial, type Random, times } from "../random.ts";
import { ALPHA, fixed, type Grid, type GridWorld, LOOKS, sequence } from "../scenario.ts";
import {
  amountOf,
  expectedSpent,
  moneyMetric,
  moneyTails,
  nothingSpent,
  PAYING,
  type Spent,
  spendMore,
} from "./amounts.ts";
import { A_A, armsAt, claimsOf, compareArms, FIRST, NO_CAP, SHARES, type SkewedWorld, unitsNeeded } from "./world.ts";

const WATCHED_LOOKS = 40;

/**
 * Skewness as a history of so many units tells it: the mean of |deviation|^3 by the standard deviation to the third. What
 * lies far out is not in a short history, which tells too little of it.
 */
function skewnessIn(random: Random, units: number, cap: number): number {
  const paid = Array.from({ length: binomial(random, units, PAYING) }, () => amountOf(random, cap));
  const mean = paid.reduce((sum, amount) => sum + amount, 0) / units;
  const others = units - paid.length;
  const moment = (power: number) =>
    (paid.reduce((sum, amount) => sum + Math.abs(amount - mean) ** power, 0) + others * mean ** power) / units;
  return moment(3) / moment(2) ** 1.5;
}

/** The same of the experiment's own units. */
function ownSkewness(arms: readonly Spent[]): Measured | null {
  const [n, y, yy, yyy] = (["n", "y", "yy", "yyy"] as const).map((key) => arms.reduce((sum, arm) => sum + arm[key], 0));
  if (!n || y === undefined || yy === undefined || yyy === undefined) return null;
  const mean = y / n;
  const variance = yy / n - mean * mean;
  if (!(variance > 0)) return null;
  return { skewness: Math.abs(yyy / n - (3 * mean * yy) / n + 2 * mean ** 3) / variance ** 1.5, units: n };
}

interface Known {
  cap: number;
  share: number;
  /** The units that the past measured skewness over, or by how many times the true one it is told. */
  past: { units: number } | { times: number };
  /** Is the experiment's own skewness looked at, too? */
  isOwnSeen: boolean;
}

const nameOf = ({ cap, share, past }: Known) =>
  [
    cap === NO_CAP ? "no cap" : `cap ${cap}`,
    "units" in past ? `history of ${past.units} units` : `a skewness of ${past.times} times the true one`,
    `${100 * share} % treated`,
  ].join(", ");

/** A history that was measured so well that its length does not matter. */
const LONG = 1e12;

/** Money, and what its past told of it in this experiment. */
interface Believed {
  world: SkewedWorld;
  history: Measured;
  isOwnSeen: boolean;
}

function believe(random: Random, { cap, share, past, isOwnSeen }: Known): Believed {
  const money = { kind: "mean", cap, hasHistory: true } as const;
  const truth = moneyTails(money);
  const history =
    "units" in past
      ? { skewness: skewnessIn(random, past.units, cap), units: past.units }
      : { skewness: (truth.skewness ?? 0) * past.times, units: LONG };
  const tails = { skewness: skewnessByBoth(history, null), reach: null };
  return { world: { ...money, share, tails }, history, isOwnSeen };
}

/** The world as it is read with these arms. */
function readWith({ world, history, isOwnSeen }: Believed, arms: readonly Spent[]): SkewedWorld {
  if (!isOwnSeen) return world;
  return { ...world, tails: { skewness: skewnessByBoth(history, ownSkewness(arms)), reach: null } };
}

/** Size where the sequence is tightest, and of the last look. */
const [PLANNED, END] = [30_000, 150_000];

/** What is claimed at any look? */
function watched(random: Random, believed: Believed): boolean[] {
  const arms = [nothingSpent(), nothingSpent()];
  const claims = [false, false, false];
  for (let look = 1; look <= WATCHED_LOOKS; look++) {
    const sizes = armsAt(believed.world, FIRST * (END / FIRST) ** (look / WATCHED_LOOKS));
    for (const [index, arm] of arms.entries()) spendMore(random, arm, (sizes[index] ?? 0) - arm.n, believed.world);
    for (const [index, isClaimed] of claimsOf(readWith(believed, arms), arms, sequence(PLANNED)).entries()) {
      if (isClaimed) claims[index] = true;
    }
  }
  return claims;
}

/** Read once, at the size from which on what is believed of the tails is tolerated. */
function once(random: Random, believed: Believed): boolean {
  const { world } = believed;
  const units = Math.max(FIRST / world.share, FIRST / (1 - world.share), 1.02 * unitsNeeded(world, "primary", fixed));
  const arms = armsAt(world, units).map((n) => {
    const arm = nothingSpent();
    spendMore(random, arm, n, world);
    return arm;
  });
  return claimsOf(readWith(believed, arms), arms, fixed)[0] === true;
}

function historyWorld(known: Known): GridWorld {
  return {
    name: nameOf(known),
    cells: ["primary", "harm", "shown", "once"],
    happens: (random) => {
      const believed = believe(random, known);
      return [...watched(random, believed), once(random, believed)];
    },
  };
}

const PLACES = [200, 2_000, NO_CAP].flatMap((cap) => SHARES.map((share) => ({ cap, share })));

/** What the past tells, at every cap and share. */
function worldsBy(told: readonly Pick<Known, "past" | "isOwnSeen">[]): GridWorld[] {
  return PLACES.flatMap((place) => told.map((own) => historyWorld({ ...place, ...own })));
}

/** A true lift, as an amount that every unit spends more, found by the size that the true tails need? */
function powerWorld(
  known: Known,
  { lift, looks, kind }: { lift: number; looks: number; kind: "fixed" | "sequence" },
): GridWorld {
  const money = { kind: "mean", cap: known.cap, hasHistory: true } as const;
  const arm = expectedSpent(1e6, money);
  const [baseline, mean] = [baselineOf(moneyMetric("mean", [arm])), arm.y / arm.n];
  if (!baseline) throw new Error("There should be a baseline.");
  const shares = { control: 1 - known.share, treatment: known.share, all: 1 };
  const plan = requiredUnits({ baseline, alpha: ALPHA, shares, method: { kind }, tails: moneyTails(money) }, { lift });
  if (plan.state !== "ok") throw new Error("There should be a size.");
  const settings = kind === "fixed" ? fixed : sequence(plan.all);
  return {
    name: `${nameOf(known)}, a lift of ${100 * lift} %`,
    cells: [`${plan.all} units`],
    happens: (random) => {
      const believed = believe(random, known);
      const arms = [nothingSpent(), nothingSpent()];
      const found = times(looks, (look) => {
        const sizes = armsAt(believed.world, (plan.all * (look + 1)) / looks);
        for (const [index, own] of arms.entries()) {
          spendMore(random, own, (sizes[index] ?? 0) - own.n, believed.world, index * lift * mean);
        }
        return (
          compareArms(readWith(believed, arms), moneyMetric("mean", arms), "primary", settings)?.outcome === "better"
        );
      });
      return [found.some(Boolean)];
    },
  };
}

const quarter = { past: { times: 0.25 } };
const truth = { past: { times: 1 } };

/** Money of which 5 % pay lognormal(3, 1.5), of which the past tells too little. */
export const history: Grid[] = [
  {
    name: "money, a history that is short, or tells half or a quarter",
    ...A_A,
    cost: 4,
    worlds: worldsBy([
      { past: { units: 1_000 }, isOwnSeen: true },
      { past: { units: 10_000 }, isOwnSeen: true },
      { past: { times: 0.5 }, isOwnSeen: true },
      { ...quarter, isOwnSeen: true },
    ]),
  },
  {
    name: "money, a history that tells a quarter, own values not seen",
    ...A_A,
    promise: "none",
    cost: 4,
    worlds: worldsBy([{ ...quarter, isOwnSeen: false }]),
  },
  {
    name: "money, cap 200, a history that tells a quarter, a lift of 20 %",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: SHARES.map((share) =>
      powerWorld({ ...quarter, cap: 200, share, isOwnSeen: true }, { lift: 0.2, looks: LOOKS, kind: "sequence" }),
    ),
    cost: 4,
  },
  {
    name: "money, cap 200, a history that is true, the lift of the plan, fixed",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: [0.2, 0.4].flatMap((lift) =>
      SHARES.map((share) =>
        powerWorld({ ...truth, cap: 200, share, isOwnSeen: true }, { lift, looks: 1, kind: "fixed" }),
      ),
    ),
    cost: 4,
  },
];
