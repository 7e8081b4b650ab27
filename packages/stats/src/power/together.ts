import { checkPlan, isNeverRead, type Plan, powerAt } from "./plan.ts";
import {
  assertPower,
  type Effect,
  MOST_UNITS,
  type NoUnits,
  powerOf,
  requiredUnits,
  smallest,
  wholeUnits,
} from "./size.ts";

/** The harm that a guardrail tolerates: a fraction of the control's mean, or in the metric's own unit. */
export type Margin = { relative: number } | { absolute: number };

/** A primary metric, and the effect that is to be found. */
export interface PlannedPrimary {
  plan: Plan;
  effect: Effect;
}

/** A guardrail that must be shown to do less harm than its margin, by a one-sided test at the plan's alpha. */
export interface PlannedGuardrail {
  plan: Omit<Plan, "comparisons" | "sides">;
  margin: Margin;
  /** Which way is good. */
  direction: "increase" | "decrease";
}

/** What "Ship" needs together: the effect found in a primary metric, and every guardrail shown. */
export interface Together {
  primary: readonly PlannedPrimary[];
  guardrails: readonly PlannedGuardrail[];
}

/** Which of them: its place in its list. */
export interface PlannedTest {
  role: "primary" | "guardrail";
  index: number;
}

/**
 * Chance to show, with `all` units over all arms, that a guardrail on which nothing changes does less harm than its
 * margin m: T - (1 -+ m) C is tested one-sided. Null when it cannot be known, 0 for a margin of 0 or a baseline of 0
 * without an absolute margin.
 */
export function powerToShow({ plan, margin, direction }: PlannedGuardrail, all: number): number | null {
  checkPlan(plan);
  const { baseline, shares, correlation = 0 } = plan;
  const size = "absolute" in margin ? margin.absolute : margin.relative;
  if (!(size >= 0 && Number.isFinite(size))) throw new RangeError(`A margin is a number of 0 or more, not ${size}.`);
  const borne = "absolute" in margin ? size : size * Math.abs(baseline.value);
  const sign = (direction === "increase") === baseline.value >= 0 ? -1 : 1;
  const factor = "absolute" in margin ? 1 : 1 + sign * size;
  const both = shares.control + shares.treatment;
  const n = all * (both / shares.all);
  if (!(n >= 2) || n > MOST_UNITS) return null;
  if (borne === 0) return 0;
  const unit = (1 - correlation * correlation) * baseline.unitVariance;
  const variance = unit * (both / shares.treatment + (factor * factor * both) / shares.control);
  if (!(variance > 0)) return null;
  return powerAt({ ...plan, sides: "one" }, borne / Math.sqrt(variance / n), n);
}

/**
 * Chance of "Ship" with `all` units over all arms when the weakest primary metric has its effect and no guardrail
 * changes: `atLeast` whatever the metrics' correlation is (1 less the sum of the chances to miss), `independent` when
 * they have none. Null where one of them cannot be known.
 */
export function jointPower({ primary, guardrails }: Together, all: number) {
  const found = primary.map(({ plan, effect }) => powerOf(plan, effect, all));
  const shown = guardrails.map((guardrail) => powerToShow(guardrail, all));
  const powers = [...found, ...shown];
  if (powers.some((power) => power === null)) return null;
  const weakest = Math.min(1, ...found.map((power) => power ?? 0));
  const needed = [weakest, ...shown.map((power) => power ?? 0)];
  return {
    atLeast: Math.max(0, 1 - needed.reduce((sum, power) => sum + (1 - power), 0)),
    independent: needed.reduce((product, power) => product * power, 1),
    primary: found.map((power) => power ?? 0),
    guardrails: shown.map((power) => power ?? 0),
  };
}

/** Units that "Ship" needs, or why there are none and of which part. */
export type UnitsTogether =
  | {
      state: "ok";
      control: number;
      treatment: number;
      all: number;
      /** The part that needs most by itself. */
      binding: PlannedTest;
      /** Units over all arms that each part needs by itself, at the wanted power. */
      alone: { primary: number[]; guardrails: number[] };
    }
  | { state: NoUnits | "zero_margin" | "nothing_planned"; part: PlannedTest | null };

function unitsToShow(guardrail: PlannedGuardrail, power: number): ReturnType<typeof requiredUnits> | "zero_margin" {
  const { plan, margin } = guardrail;
  if (("absolute" in margin ? margin.absolute : margin.relative) === 0) return "zero_margin";
  if (plan.baseline.value === 0 && "relative" in margin) return { state: "zero_baseline" };
  if (plan.baseline.unitVariance === 0) return { state: "zero_variance" };
  if (power <= plan.alpha) return { state: "power_below_alpha" };
  if (isNeverRead(plan)) return { state: "too_skewed" };
  const n = smallest((all) => (powerToShow(guardrail, all) ?? 0) >= power, 4, MOST_UNITS);
  const { control, treatment, all } = plan.shares;
  return n === null ? { state: "too_many" } : wholeUnits((n * (control + treatment)) / all, plan.shares);
}

/**
 * Units over all arms with which "Ship" is said with at least the wanted power, whatever the correlation of the metrics,
 * when the effects are there and no guardrail changes; and the part that binds. All parts share one set of arms. Throws
 * RangeError for a plan, margin or power that only a bug can make.
 */
export function requiredUnitsTogether(together: Together, power = 0.8): UnitsTogether {
  assertPower(power);
  const { primary, guardrails } = together;
  const alone: { part: PlannedTest; units: number }[] = [];
  for (const [index, { plan, effect }] of primary.entries()) {
    const needed = requiredUnits(plan, effect, power);
    if (needed.state !== "ok") return { state: needed.state, part: { role: "primary", index } };
    alone.push({ part: { role: "primary", index }, units: needed.all });
  }
  for (const [index, guardrail] of guardrails.entries()) {
    const needed = unitsToShow(guardrail, power);
    const part = { role: "guardrail", index } as const;
    if (needed === "zero_margin") return { state: "zero_margin", part };
    if (needed.state !== "ok") return { state: needed.state, part };
    alone.push({ part, units: needed.all });
  }
  const binding = alone.toSorted((a, b) => b.units - a.units)[0];
  const shares = (primary[0] ?? guardrails[0])?.plan.shares;
  if (!binding || !shares) return { state: "nothing_planned", part: null };
  const all = smallest((units) => (jointPower(together, units)?.atLeast ?? 0) >= power, binding.units, MOST_UNITS);
  if (all === null) return { state: "too_many", part: binding.part };
  const of = (role: PlannedTest["role"]) => alone.filter(({ part }) => part.role === role).map(({ units }) => units);
  const sized = wholeUnits((all * (shares.control + shares.treatment)) / shares.all, shares);
  return { ...sized, binding: binding.part, alone: { primary: of("primary"), guardrails: of("guardrail") } };
}
