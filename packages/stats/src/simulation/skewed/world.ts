import { estimateArms, type MetricArms } from "../../arms/metric.ts";
import { type AnalysisSettings, analyseMetric } from "../../inference/analyse.ts";
import type { Comparison } from "../../inference/result.ts";
import type { Tails } from "../../inference/tails.ts";
import { ALPHA, isFound, sequence } from "../scenario.ts";
import { expectedSpent, type Money, type MoneyKind, moneyMetric, moneyTails, type Spent } from "./amounts.ts";

/** Money, the treatment's share of the units, and how much is known of the tails. */
export interface SkewedWorld extends Money {
  share: number;
  /** Undefined checks nothing. */
  tails: Tails | undefined;
}

export type TestedRole = "primary" | "guardrail";

export const SHARES = [0.05, 0.2, 0.5, 0.8, 0.95];
export const NO_CAP = Number.POSITIVE_INFINITY;
/** What is known of the amounts: a cap bounds their skewness, history tells it. */
export const KNOWN = [
  { cap: 200, hasHistory: false },
  { cap: 2_000, hasHistory: false },
  { cap: 200, hasHistory: true },
  { cap: 600, hasHistory: true },
  { cap: 2_000, hasHistory: true },
  { cap: NO_CAP, hasHistory: true },
];
/** Worlds that ask for more units than this decide nothing in reach of a simulation, and are left out. */
export const MOST = 300_000;
/** Looks of a sequence, evenly on a log scale from here on. */
export const FIRST = 200;

export function describeWorld({ kind, cap, hasHistory, share }: SkewedWorld): string {
  const known = [cap === NO_CAP ? "no cap" : `cap ${cap}`, ...(hasHistory ? ["history"] : [])];
  return `${kind}, ${known.join(" and ")}, ${100 * share} % treated`;
}

export const armsAt = ({ share }: SkewedWorld, n: number) => [Math.round(n * (1 - share)), Math.round(n * share)];

export function compareArms(
  world: SkewedWorld,
  metric: MetricArms,
  role: TestedRole,
  settings: AnalysisSettings,
): Comparison | undefined {
  const tails = world.tails ? { tails: world.tails } : {};
  return analyseMetric({ ...metric, ...tails, role, direction: "increase" }, settings).comparisons[0];
}

/** Units from which on the engine allows a decision, of arms as they are on average; Infinity beyond 1e9. */
export function unitsNeeded(world: SkewedWorld, role: TestedRole, settings: AnalysisSettings): number {
  const isBorne = (n: number) => {
    const arms = armsAt(world, n).map((own) => expectedSpent(own, world));
    return compareArms(world, moneyMetric(world.kind, arms), role, settings)?.state !== "too_skewed";
  };
  if (!isBorne(1e9)) return Number.POSITIVE_INFINITY;
  let [low, high] = [FIRST, 1e9];
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (isBorne(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** No method decides below; asking only beyond saves time and changes nothing. */
const LEAST_Z = 2;

export function mayDecide(metric: MetricArms): boolean {
  const [c, t] = estimateArms(metric).arms;
  if (c?.state !== "ok" || t?.state !== "ok") return false;
  return Math.abs(t.value - c.value) >= LEAST_Z * Math.sqrt(c.variance + t.variance);
}

export function worldsOf(kinds: readonly MoneyKind[], known: readonly Omit<Money, "kind">[]): SkewedWorld[] {
  return kinds.flatMap((kind) =>
    known.flatMap((own) => SHARES.map((share) => ({ ...own, kind, share, tails: moneyTails({ ...own, kind }) }))),
  );
}

/** What a comparison as a primary metric and as a guardrail claims: a difference, harm, and that there is none. */
export function claimsOf(world: SkewedWorld, arms: readonly Spent[], settings: AnalysisSettings): boolean[] {
  const metric = moneyMetric(world.kind, arms);
  if (!mayDecide(metric)) return [false, false, false];
  const [primary, guardrail] = (["primary", "guardrail"] as const).map((role) =>
    compareArms(world, metric, role, settings),
  );
  return [primary !== undefined && isFound(primary), guardrail?.outcome === "worse", guardrail?.outcome === "better"];
}

export const A_A = { what: "false claims", level: ALPHA, promise: "at_most" } as const;

/** Those in which a sequence can decide within reach of a simulation. */
export const isInReach = (world: SkewedWorld) => unitsNeeded(world, "guardrail", sequence(MOST / 2)) <= MOST / 2;
