/** Confidence interval for a relative change, or why there is none. Fractions: 0.08 is +8 %. */
export type Interval =
  | { state: "bounded"; estimate: number; low: number; high: number }
  /** The control's mean cannot be told from 0: any lift, however large, fits the data. */
  | { state: "unbounded"; estimate: number }
  | { state: "undefined"; reason: string };

/** Mean of an arm and the variance of that mean. */
export interface Arm {
  mean: number;
  variance: number;
}

/**
 * Fieller's interval for the lift (treatment - control) / control with the critical value of the absolute test, so
 * that it excludes 0 exactly when that test rejects. For control means > 0. Source: Fieller 1954.
 */
export function fiellerLift(control: Arm, treatment: Arm, critical: number): Interval {
  const ratio = treatment.mean / control.mean;
  const estimate = ratio - 1;
  const g = (critical * critical * control.variance) / (control.mean * control.mean);
  if (g >= 1) return { state: "unbounded", estimate };
  const half = (critical / control.mean) * Math.sqrt(treatment.variance * (1 - g) + ratio * ratio * control.variance);
  return { state: "bounded", estimate, low: (ratio - half) / (1 - g) - 1, high: (ratio + half) / (1 - g) - 1 };
}
