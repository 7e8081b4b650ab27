import type { AnalysisSettings } from "../../inference/analyse.ts";
import { requiredUnits } from "../../power/size.ts";
import { baselineOf } from "../../power/spread.ts";
import { requiredUnitsTogether } from "../../power/together.ts";
import { readGuardrail } from "../../verdict/guardrail.ts";
import { type Random, times } from "../random.ts";
import { ALPHA, fixed, type Grid, type GridWorld } from "../scenario.ts";
import { expectedSpent, type Money, moneyKinds, moneyMetric, moneyTails, nothingSpent, spendMore } from "./amounts.ts";
import {
  A_A,
  armsAt,
  claimsOf,
  compareArms,
  describeWorld,
  KNOWN,
  MOST,
  SHARES,
  type SkewedWorld,
  unitsNeeded,
  worldsOf,
} from "./world.ts";

const LOOKS = 5;
const fractions = times(LOOKS, (look) => (look + 1) / LOOKS);

/** By look, how a plan of so many units is read; guardrails are watched by a sequence of that size. */
const looksOf = (planned: number) =>
  times(LOOKS, (look): AnalysisSettings => {
    const method = { kind: "group", fractions: fractions.slice(0, look + 1) } as const;
    return { method, alpha: ALPHA, guardrailUnits: planned };
  });

/** Experiments that are looked at five times on their way to the planned size; each unit of the treatment spends `extra` more. */
function looked<T>(
  random: Random,
  { world, planned, extra = 0 }: { world: SkewedWorld; planned: number; extra?: number },
  read: (arms: ReturnType<typeof nothingSpent>[], settings: AnalysisSettings) => T,
): T[] {
  const arms = [nothingSpent(), nothingSpent()];
  return looksOf(planned).map((settings, look) => {
    const sizes = armsAt(world, planned * (fractions[look] ?? 1));
    for (const [index, arm] of arms.entries())
      spendMore(random, arm, (sizes[index] ?? 0) - arm.n, world, index * extra);
    return read(arms, settings);
  });
}

/**
 * Planned for the units at which the last look just allows a decision, or for four times as many, so that earlier ones
 * do.
 */
function aaWorlds(world: SkewedWorld): GridWorld[] {
  const last = looksOf(1e4).at(-1);
  const needed = last ? 1.02 * Math.max(2_000, unitsNeeded(world, "primary", last)) : Number.POSITIVE_INFINITY;
  return [1, 4]
    .filter((by) => by * needed <= MOST)
    .map((by): GridWorld => {
      const planned = Math.ceil(by * needed);
      return {
        name: `${describeWorld(world)}, ${planned} units`,
        cells: ["primary", "harm", "shown"],
        happens: (random) => {
          const claims = looked(random, { world, planned }, (arms, settings) => claimsOf(world, arms, settings));
          return times(3, (claim) => claims.some((look) => look[claim] === true));
        },
      };
    });
}

/** Amounts with a cap of 200 and no history, and how they are planned for: tails in. */
function cappedPlan(share: number) {
  const own: Money = { kind: "mean", cap: 200, hasHistory: false };
  const world: SkewedWorld = { ...own, share, tails: moneyTails(own) };
  const arm = expectedSpent(1e6, world);
  const baseline = baselineOf(moneyMetric(world.kind, [arm]));
  if (!baseline) throw new Error("There should be a baseline.");
  const shares = { control: 1 - share, treatment: share, all: 1 };
  return { world, mean: arm.y / arm.n, plan: { baseline, alpha: ALPHA, shares, tails: world.tails } };
}

/** A true lift of 20 %, found by the planned size? */
function powerWorld(share: number): GridWorld {
  const { world, mean, plan } = cappedPlan(share);
  const needed = requiredUnits({ ...plan, method: { kind: "group", fractions } }, { lift: 0.2 });
  if (needed.state !== "ok") throw new Error("There should be a size.");
  const planned = needed.all;
  return {
    name: describeWorld(world),
    cells: [`${planned} units`],
    happens: (random) => {
      const found = looked(random, { world, planned, extra: 0.2 * mean }, (arms, settings) =>
        compareArms(world, moneyMetric(world.kind, arms), "primary", settings),
      );
      return [found.some((comparison) => comparison?.outcome === "better")];
    },
  };
}

/** A guardrail on which nothing changes, shown to do less harm than 20 %, once, at the planned size? */
function shownWorld(share: number): GridWorld {
  const { world, plan } = cappedPlan(share);
  const guardrail = {
    plan: { ...plan, method: fixed.method },
    margin: { relative: 0.2 },
    direction: "increase",
  } as const;
  const needed = requiredUnitsTogether({ primary: [], guardrails: [guardrail] }, 0.8);
  if (needed.state !== "ok") throw new Error("There should be a size.");
  return {
    name: describeWorld(world),
    cells: [`${needed.all} units`],
    happens: (random) => {
      const arms = armsAt(world, needed.all).map((n) => {
        const arm = nothingSpent();
        spendMore(random, arm, n, world);
        return arm;
      });
      const comparison = compareArms(world, moneyMetric(world.kind, arms), "guardrail", fixed);
      if (!comparison) return [false];
      return [readGuardrail({ comparison, margin: 0.2, direction: "increase" }).code === "guardrail_shown"];
    },
  };
}

/** Money of which 5 % pay lognormal(3, 1.5), at five planned looks. */
export const groupMoney: Grid[] = [
  {
    name: "money, group, 5 looks, tails known",
    ...A_A,
    cost: 2,
    worlds: worldsOf(moneyKinds, KNOWN).flatMap(aaWorlds),
  },
  {
    name: "money, group, 5 looks, cap 200, a lift of 20 %",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: SHARES.map(powerWorld),
    cost: 4,
  },
  {
    name: "money, once, cap 200, a guardrail without harm, a margin of 20 %",
    what: "shown",
    level: 0.8,
    promise: "at_least",
    worlds: SHARES.map(shownWorld),
    cost: 4,
  },
];
