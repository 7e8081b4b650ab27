import type { MetricArms } from "../arms/metric.ts";
import { type AnalysisSettings, analyseMetric, type MetricInput } from "../inference/analyse.ts";
import type { Comparison } from "../inference/result.ts";
import type { Plan } from "../power/plan.ts";
import { powerOf } from "../power/size.ts";
import type { Random } from "./random.ts";

/** What is counted in a row, and how often it may happen. */
interface Row {
  name: string;
  /** What is counted. */
  what: string;
  /** Share of experiments in which it happens, as promised. */
  level: number;
  /** `about`: as often as promised; `at_most`: no more; `at_least`: no less; `none`: shown for comparison. */
  promise: "about" | "at_most" | "at_least" | "none";
  /** How many times dearer than others an experiment is: it is run so many times less. Default 1. */
  cost?: number;
}

/** Something that happens in an experiment of a world with a known truth, and how often it may. */
export interface Scenario extends Row {
  /** One experiment. */
  happens(random: Random): boolean;
}

/** The same in many cells, of which the worst is held to the promise. */
export interface Grid extends Row {
  worlds: readonly GridWorld[];
}

/** A world of a grid: one experiment answers several cells. */
export interface GridWorld {
  name: string;
  cells: readonly string[];
  happens(random: Random): boolean[];
}

/** Comparisons look by look (or metric by metric) of one experiment with this true lift. */
export type SimulatedExperiment = (random: Random, lift: number) => Comparison[];

export const ALPHA = 0.05;
export const LOOKS = 20;
export const fixed: AnalysisSettings = { method: { kind: "fixed" }, alpha: ALPHA };

export function sequence(plannedUnits: number): AnalysisSettings {
  return { method: { kind: "sequence", plannedUnits }, alpha: ALPHA };
}

export function compareMetric(
  metric: MetricArms,
  settings: AnalysisSettings,
  role: MetricInput["role"] = "primary",
): Comparison[] {
  return analyseMetric({ ...metric, role, direction: "increase" }, settings).comparisons;
}

export function isFound({ outcome }: Comparison): boolean {
  return outcome === "better" || outcome === "worse";
}

function misses({ lift }: Comparison, truth: number): boolean {
  return lift.state === "bounded" && (truth < lift.low || truth > lift.high);
}

/** Power by formula for conversions in two equal arms: what a plan says before the start. */
export function planned(
  rate: number,
  lift: number,
  units: number,
  plan: Pick<Plan, "method" | "comparisons" | "sides">,
): number {
  const baseline = { value: rate, unitVariance: rate * (1 - rate), isRate: true };
  return (
    powerOf({ baseline, alpha: ALPHA, shares: { control: 1, treatment: 1, all: 2 }, ...plan }, { lift }, units) ?? 0
  );
}

type Promised = Row["promise"];

/** No true effect: how often is one found, in any comparison? */
export function falsePositives(name: string, world: SimulatedExperiment, promise: Promised): Scenario {
  const happens = (random: Random) => world(random, 0).some(isFound);
  return { name, what: "false positives", level: ALPHA, promise, happens };
}

/** A true lift: how often does any interval of it miss it? */
export function missedLifts(name: string, world: SimulatedExperiment, lift: number, promise: Promised): Scenario {
  const happens = (random: Random) => world(random, lift).some((found) => misses(found, lift));
  return { name, what: "intervals that miss", level: ALPHA, promise, happens };
}

/** A true lift above 0: how often is it found, in any comparison? */
export function finds(
  name: string,
  world: SimulatedExperiment,
  lift: number,
  level: number,
  promise: Promised,
): Scenario {
  return { name, what: "finds", level, promise, happens: (random) => world(random, lift).some(isFound) };
}
