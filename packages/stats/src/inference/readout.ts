import type { QuantileOrder } from "../arms/quantile-order.ts";
import type { Conversions } from "../arms/simple.ts";
import type { UnknownState } from "../arms/states.ts";
import type { Contrast, NoContrast } from "./contrast.ts";
import { fiellerLift, type LiftEnds } from "./formulas/fieller.ts";
import type { Ends } from "./formulas/interval.ts";
import { newcombeDifference, newcombeLift, newcombeZ } from "./formulas/newcombe.ts";
import { type Orders, orderDifference, orderLift, orderZ } from "./formulas/order.ts";
import type { IntervalOrigin } from "./result.ts";

/** What information a sequence has, where it does not grow with units alone: see `MetricInput.clock`. */
export type Clock = { unitVariance: number } | { growth: number };

/** A pair of arms made ready: its difference, and by what its interval is read where that is not the variance. */
export interface Pair {
  control: { n: number; value: number | null };
  treatment: { n: number; value: number | null };
  contrast: Contrast | NoContrast;
  /** Where few conversions ask for Newcombe's interval. */
  counts: { control: Conversions; treatment: Conversions } | null;
  /** Of quantiles. */
  orders: Orders | null;
  /** Null where information grows with units. */
  clock: Clock | null;
  /** Information at each look of a group plan: see `MetricInput.looks`. */
  looks: readonly number[] | null;
}

/** What a test and an interval of one pair are made of, whatever the method. */
export interface Readout {
  estimate: number;
  /** Standard errors from 0, at which the interval touches 0; null where there is no spread. */
  z: number | null;
  /** Units of both arms, as a sequence counts them. */
  information: number;
  df: number | null;
  /** An end is null where the data do not tell it. */
  ends(critical: number): Ends;
  /** Null when the control's mean is 0; ends are null also where the mean cannot be distinguished from 0. */
  lift: { estimate: number; ends(critical: number): Ends } | null;
  formulas: { difference: IntervalOrigin["formula"]; lift: IntervalOrigin["formula"] };
}

/** The order of both arms' values, where both have one. */
export function ordersOf(control: QuantileOrder | undefined, treatment: QuantileOrder | undefined): Orders | null {
  return control && treatment ? { control, treatment } : null;
}

/** Variance of the difference of single units: what its variance becomes with one unit an arm, whatever the shares. */
export function unitVarianceOf({ variance, sides: { control, treatment } }: Contrast): number {
  return variance / (1 / control.n + 1 / treatment.n);
}

/**
 * Units that the information of this pair is worth. A sequence is valid in the clock of its score's variance. With
 * values that are final when a unit is counted that is units; values that go on growing add variance without units.
 */
function informationOf(contrast: Contrast, clock: Clock | null): number {
  if (!clock) return contrast.n;
  const growth = "growth" in clock ? clock.growth : unitVarianceOf(contrast) / clock.unitVariance;
  const units = contrast.n * growth;
  return units > 0 && units < Number.MAX_SAFE_INTEGER ? units : contrast.n;
}

function endsOfLift(ends: LiftEnds): Ends {
  return ends.state === "bounded" ? { low: ends.low, high: ends.high } : { low: null, high: null };
}

function readContrast(contrast: Contrast, clock: Clock | null): Readout {
  const { df, estimate, variance, base } = contrast;
  const se = Math.sqrt(variance);
  return {
    estimate,
    z: estimate / se,
    information: informationOf(contrast, clock),
    df,
    ends: (critical) => ({ low: estimate - critical * se, high: estimate + critical * se }),
    lift:
      base.value === 0
        ? null
        : {
            estimate: estimate / Math.abs(base.value),
            ends: (critical) => endsOfLift(fiellerLift(estimate, base, critical)),
          },
    formulas: { difference: "welch", lift: "fieller" },
  };
}

function readCounts({ control, treatment }: NonNullable<Pair["counts"]>, information: number): Readout {
  const n = control.n + treatment.n;
  const rate = control.converted / control.n;
  const estimate = treatment.converted / treatment.n - rate;
  const converted = control.converted + treatment.converted;
  const isSame = converted === 0 || converted === n;
  return {
    estimate,
    z: isSame ? null : newcombeZ(control, treatment),
    information,
    df: null,
    ends: (critical) => newcombeDifference(control, treatment, critical),
    lift:
      rate === 0
        ? null
        : {
            estimate: estimate / rate,
            ends: (critical) => endsOfLift(newcombeLift(control, treatment, critical)),
          },
    formulas: { difference: "newcombe", lift: "mover" },
  };
}

function readOrders(orders: Orders, n: number, df: number | null, clock: Clock | null): Readout {
  const { control, treatment } = orders;
  const estimate = treatment.value - control.value;
  return {
    estimate,
    z: orderZ(orders),
    information: n * (clock && "growth" in clock ? clock.growth : 1),
    df,
    ends: (critical) => orderDifference(orders, critical),
    lift:
      control.value === 0
        ? null
        : {
            estimate: estimate / Math.abs(control.value),
            ends: (critical) => orderLift(orders, critical),
          },
    formulas: { difference: "mover", lift: "mover" },
  };
}

/** How this pair is read; null where it cannot be compared. */
export function readPair({ contrast, counts, orders, clock, control, treatment }: Pair): Readout | null {
  const n = control.n + treatment.n;
  if (counts) return readCounts(counts, contrast.state === "ok" ? informationOf(contrast, clock) : n);
  if (orders && (contrast.state === "ok" || contrast.state === "zero_variance")) {
    return readOrders(orders, n, contrast.state === "ok" ? contrast.df : null, clock);
  }
  return contrast.state === "ok" ? readContrast(contrast, clock) : null;
}

/** Why a pair is not read, or an interval of it not known. */
export function whyUnread({ contrast, orders }: Pair): UnknownState {
  if (!orders || (contrast.state !== "ok" && contrast.state !== "zero_variance")) {
    return contrast.state === "ok" ? "out_of_range" : contrast.state;
  }
  return orders.control.bounds.length === 1 ? "ties" : "not_enough_data";
}
