import type { ArmEstimate, EstimatedArm } from "../arms/estimate.ts";
import type { UnknownState, Warning } from "../arms/states.ts";

/** A difference of two arms with all that a test and an interval of it, and of the lift, need. */
export interface Contrast {
  state: "ok";
  /** Units of both arms. */
  n: number;
  /** Treatment - control. */
  estimate: number;
  variance: number;
  /** Welch and Satterthwaite's degrees of freedom; null for a normal difference. */
  df: number | null;
  base: Base;
  /** Units of each arm, and the variance of its value. */
  sides: Record<"control" | "treatment", Pick<ArmEstimate, "n" | "variance">>;
  warnings: Warning[];
}

/** What the lift is relative to, and how the difference moves with it. */
export interface Base {
  value: number;
  variance: number;
  /** Slope of the difference on the base: their covariance by the base's variance. */
  slope: number;
  /** Variance of the difference that the base does not explain. */
  rest: number;
}

/** A pair of arms that cannot be compared; the difference is known when both arms' values are. */
export interface NoContrast {
  state: UnknownState;
  estimate: number | null;
  warnings: Warning[];
}

/** Fewer are a handful: the spread itself is hardly known. */
const FEW_UNITS = 10;

/** The worst of two arms' states speaks for both. */
const gravest: UnknownState[] = ["impossible", "out_of_range", "precision_lost", "no_data", "zero_denominator"];

/**
 * Treatment - control. Welch 1947; Satterthwaite 1946 for the degrees of freedom. One arm without spread still has an
 * answer; two have none.
 */
export function contrast(control: EstimatedArm, treatment: EstimatedArm): Contrast | NoContrast {
  const unique = warningsOf([control, treatment]);
  if (control.state !== "ok" || treatment.state !== "ok") {
    const states: string[] = [control.state, treatment.state];
    const state = gravest.find((name) => states.includes(name)) ?? "not_enough_data";
    return { state, estimate: difference(control.value, treatment.value), warnings: unique };
  }
  const estimate = treatment.value - control.value;
  const variance = control.variance + treatment.variance;
  if (!Number.isFinite(estimate) || !Number.isFinite(variance)) {
    return { state: "out_of_range", estimate: null, warnings: unique };
  }
  if (variance === 0) return { state: "zero_variance", estimate, warnings: unique };
  const n = control.n + treatment.n;
  return {
    state: "ok",
    n,
    estimate,
    variance,
    df: welchDf(control, treatment),
    base: baseOf(control, treatment),
    sides: {
      control: { n: control.n, variance: control.variance },
      treatment: { n: treatment.n, variance: treatment.variance },
    },
    warnings: unique,
  };
}

function warningsOf(arms: readonly EstimatedArm[]): Warning[] {
  const own = arms.flatMap((arm) => (arm.state === "ok" ? arm.warnings : []));
  const isFew = arms.some(({ state, n }) => state === "ok" && n < FEW_UNITS) && !own.includes("few_clusters");
  return [...new Set<Warning>(isFew ? ["few_units", ...own] : own)];
}

function difference(control: number | null, treatment: number | null): number | null {
  if (control === null || treatment === null) return null;
  const estimate = treatment - control;
  return Number.isFinite(estimate) ? estimate : null;
}

function welchDf(control: ArmEstimate, treatment: ArmEstimate): number | null {
  if (control.df === null || treatment.df === null) return null;
  const share = control.variance / (control.variance + treatment.variance);
  const part = (of: number, df: number) => (of === 0 ? 0 : (of * of) / Math.max(df, 1));
  return 1 / (part(share, control.df) + part(1 - share, treatment.df));
}

function baseOf(control: ArmEstimate, treatment: ArmEstimate): Base {
  const base = control.base ?? { value: control.value, variance: control.variance, covariance: control.variance };
  if (base.variance === 0) {
    return { value: base.value, variance: 0, slope: 0, rest: control.variance + treatment.variance };
  }
  const slope = -base.covariance / base.variance;
  const explained = slope * slope * base.variance;
  return {
    value: base.value,
    variance: base.variance,
    slope,
    rest: treatment.variance + Math.max(0, control.variance - explained),
  };
}
