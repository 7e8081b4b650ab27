import type { AnalysisSettings } from "../../inference/analyse.ts";
import { requiredUnits } from "../../power/size.ts";
import { baselineOf } from "../../power/spread.ts";
import { type Random, times } from "../random.ts";
import { ALPHA, fixed, type Grid, type GridWorld, isFound, LOOKS, sequence } from "../scenario.ts";
import { expectedSpent, type Money, moneyKinds, moneyMetric, moneyTails, nothingSpent, spendMore } from "./amounts.ts";
import {
  A_A,
  armsAt,
  claimsOf,
  compareArms,
  describeWorld,
  FIRST,
  isInReach,
  KNOWN,
  MOST,
  NO_CAP,
  SHARES,
  type SkewedWorld,
  type TestedRole,
  unitsNeeded,
  worldsOf,
} from "./world.ts";

const MANY_LOOKS = 100;

/** The size where such a sequence is tightest, and where the path ends: around the units at which it begins to decide. */
function pathOf(world: SkewedWorld): { settings: AnalysisSettings; end: number } {
  const planned = Math.max(10_000, unitsNeeded(world, "guardrail", sequence(MOST / 2)));
  return { settings: sequence(planned), end: 3 * planned };
}

const watchedCells = [MANY_LOOKS, LOOKS].flatMap((looks) =>
  ["primary", "harm", "shown"].map((claim) => `${claim}, ${looks} looks`),
);

/** An A/A experiment looked at 100 times, and at every fifth of these: which claims were made at any look? */
function watched(random: Random, world: SkewedWorld, { settings, end }: ReturnType<typeof pathOf>): boolean[] {
  const arms = [nothingSpent(), nothingSpent()];
  const often = [false, false, false];
  const seldom = [false, false, false];
  for (let look = 1; look <= MANY_LOOKS; look++) {
    const sizes = armsAt(world, FIRST * (end / FIRST) ** (look / MANY_LOOKS));
    for (const [index, arm] of arms.entries()) spendMore(random, arm, (sizes[index] ?? 0) - arm.n, world);
    for (const [index, isClaimed] of claimsOf(world, arms, settings).entries()) {
      if (isClaimed) often[index] = true;
      if (isClaimed && look % (MANY_LOOKS / LOOKS) === 0) seldom[index] = true;
    }
  }
  return [...often, ...seldom];
}

function watchedWorld(world: SkewedWorld): GridWorld {
  let path: ReturnType<typeof pathOf> | null = null;
  return {
    name: describeWorld(world),
    cells: watchedCells,
    happens: (random) => {
      path ??= pathOf(world);
      return watched(random, world, path);
    },
  };
}

/** Arms read once, at the size at which the plan first allows a decision. */
function onceWorld(world: SkewedWorld, role: TestedRole): GridWorld {
  let units = 0;
  return {
    name: describeWorld(world),
    cells: [role === "primary" ? "primary, once" : "shown, once"],
    happens: (random) => {
      units ||= Math.max(FIRST / world.share, FIRST / (1 - world.share), unitsNeeded(world, role, fixed) * 1.02);
      const arms = armsAt(world, units).map((n) => {
        const arm = nothingSpent();
        spendMore(random, arm, n, world);
        return arm;
      });
      const found = compareArms(world, moneyMetric(world.kind, arms), role, fixed);
      return [role === "primary" ? found !== undefined && isFound(found) : found?.outcome === "better"];
    },
  };
}

const all = worldsOf(moneyKinds, KNOWN);
const inReach = all.filter(isInReach);
const atOnce = (role: TestedRole) =>
  all.filter((world) => unitsNeeded(world, role, fixed) <= MOST).map((world) => onceWorld(world, role));

/** A true lift of 20 %, as an amount that every unit spends more, found by the planned size of a sequence? */
function powerWorld(world: SkewedWorld): GridWorld {
  const arm = expectedSpent(1e6, world);
  const [baseline, mean] = [baselineOf(moneyMetric(world.kind, [arm])), arm.y / arm.n];
  if (!baseline) throw new Error("There should be a baseline.");
  const shares = { control: 1 - world.share, treatment: world.share, all: 1 };
  const plan = requiredUnits({ baseline, alpha: ALPHA, shares, method: { kind: "sequence" } }, { lift: 0.2 });
  if (plan.state !== "ok") throw new Error("There should be a size.");
  const settings = sequence(plan.all);
  return {
    name: describeWorld(world),
    cells: [`${plan.all} units`],
    happens: (random) => {
      const arms = [nothingSpent(), nothingSpent()];
      return [
        times(LOOKS, (look) => {
          const sizes = armsAt(world, (plan.all * (look + 1)) / LOOKS);
          for (const [index, own] of arms.entries())
            spendMore(random, own, (sizes[index] ?? 0) - own.n, world, index * 0.2 * mean);
          return compareArms(world, moneyMetric(world.kind, arms), "primary", settings)?.outcome === "better";
        }).some(Boolean),
      ];
    },
  };
}

const unchecked = worldsOf(["mean"], [{ cap: NO_CAP, hasHistory: false }]).map((world) => ({
  ...world,
  tails: undefined,
}));

/** Money of which 5 % pay lognormal(3, 1.5), at every share of the treatment. */
export const money: Grid[] = [
  { name: "money, sequence, tails known", ...A_A, worlds: inReach.map(watchedWorld), cost: 2 },
  { name: "money, once, tails known", ...A_A, worlds: [...atOnce("primary"), ...atOnce("guardrail")], cost: 2 },
  {
    name: "money, cap 200, a lift of 20 %, by the planned size",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: SHARES.map((share) => {
      const own: Money = { kind: "mean", cap: 200, hasHistory: false };
      return powerWorld({ ...own, share, tails: moneyTails(own) });
    }),
    cost: 4,
  },
  {
    name: "money, sequence, tails not checked",
    ...A_A,
    promise: "none",
    worlds: unchecked.map((world) => ({
      name: describeWorld(world),
      cells: watchedCells,
      happens: (random) => watched(random, world, { settings: sequence(10_000), end: 20_000 }),
    })),
    cost: 4,
  },
];
