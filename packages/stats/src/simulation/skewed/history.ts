import { skewnessByHistory } from "../../inference/tails.ts";
import { binomial, type Random } from "../random.ts";
import { fixed, type Grid, type GridWorld, sequence } from "../scenario.ts";
import { amountOf, type Money, nothingSpent, PAYING, spendMore, tailsOf } from "./amounts.ts";
import { A_A, armsAt, claimsOf, FIRST, NO_CAP, SHARES, unitsNeeded, type World } from "./world.ts";

const LOOKS = 40;

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

interface Known {
  cap: number;
  share: number;
  /** Units of the history. */
  units: number;
  /** The history's skewness, times that. */
  times: number;
}

const nameOf = ({ cap, share, units, times }: Known) =>
  [
    cap === NO_CAP ? "no cap" : `cap ${cap}`,
    times === 1 ? `history of ${units} units` : `a skewness of ${times} times the true one`,
    `${100 * share} % treated`,
  ].join(", ");

/** Size where the sequence is tightest, and of the last look. */
const [PLANNED, END] = [30_000, 150_000];

/** What is claimed at any look? */
function watched(random: Random, world: World): boolean[] {
  const arms = [nothingSpent(), nothingSpent()];
  const claims = [false, false, false];
  for (let look = 1; look <= LOOKS; look++) {
    const sizes = armsAt(world, FIRST * (END / FIRST) ** (look / LOOKS));
    for (const [index, arm] of arms.entries()) spendMore(random, arm, (sizes[index] ?? 0) - arm.n, world);
    for (const [index, isClaimed] of claimsOf(world, arms, sequence(PLANNED)).entries()) {
      if (isClaimed) claims[index] = true;
    }
  }
  return claims;
}

/** Read once, at the size from which on what is believed of the tails is borne. */
function once(random: Random, world: World): boolean {
  const units = Math.max(FIRST / world.share, FIRST / (1 - world.share), 1.02 * unitsNeeded(world, "primary", fixed));
  const arms = armsAt(world, units).map((n) => {
    const arm = nothingSpent();
    spendMore(random, arm, n, world);
    return arm;
  });
  return claimsOf(world, arms, fixed)[0] === true;
}

function historyWorlds(known: Known): GridWorld[] {
  const money: Money = { kind: "mean", cap: known.cap, hasHistory: true };
  const truth: World = { ...money, share: known.share, tails: tailsOf(money) };
  const believe = (random: Random): World => {
    const { times, units, cap } = known;
    const skewness =
      times === 1 ? skewnessByHistory(skewnessIn(random, units, cap), units) : (truth.tails?.skewness ?? 0) * times;
    return { ...truth, tails: { skewness, reach: null } };
  };
  return [
    {
      name: nameOf(known),
      cells: ["primary", "harm", "shown", "once"],
      happens: (random) => {
        const world = believe(random);
        return [...watched(random, world), once(random, world)];
      },
    },
  ];
}

const PLACES = [200, 2_000, NO_CAP].flatMap((cap) => SHARES.map((share) => ({ cap, share })));

/** What the past tells, at every cap and share. */
function worldsBy(told: readonly Pick<Known, "units" | "times">[]): GridWorld[] {
  return PLACES.flatMap((place) => told.flatMap((own) => historyWorlds({ ...place, ...own })));
}

/** Money of which 5 % pay lognormal(3, 1.5), of which the past tells too little. */
export const history: Grid[] = [
  {
    ...{ name: "money, a history that is short, or tells half of the skewness", ...A_A, cost: 4 },
    worlds: worldsBy([
      { units: 1_000, times: 1 },
      { units: 10_000, times: 1 },
      { units: 0, times: 0.5 },
    ]),
  },
  {
    // Another world than the past one: no history guards against it, and a cap does.
    ...{ name: "money, a history that tells a quarter of the skewness", ...A_A, promise: "none", cost: 4 },
    worlds: worldsBy([{ units: 0, times: 0.25 }]),
  },
];
