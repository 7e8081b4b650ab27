import { toP } from "../distributions/p-value.ts";
import type { LiftEnds } from "./formulas/fieller.ts";
import { allFinite, boundedInterval, liftInterval } from "./formulas/interval.ts";
import { believe, type InferenceSettings, outcomeOf, tooSkewed, unknown } from "./infer.ts";
import { type Method, oneSidedTestOf, type Test } from "./method.ts";
import { type Pair, type Readout, readPair, whyUnread } from "./readout.ts";
import type { Comparison, IntervalOrigin } from "./result.ts";
import { unitsThatBear } from "./tails.ts";

export interface GuardrailSettings extends Omit<InferenceSettings, "method"> {
  /** Watches for harm, at any time. */
  watch: Extract<Method, { kind: "sequence" }>;
  /** Shows that there is no harm beyond the margin: the experiment's own method. */
  show: Method;
}

/** Both one-sided tests of a guardrail with their critical values. */
interface Ends {
  watch: Test;
  show: Test;
  /** Critical value of the end that shows harm: claims of harm share alpha. */
  harm: number;
  /** Critical value of the other end: all guardrails must be shown together, which needs no correction. */
  safe: number;
}

function endsOf({ information, df }: Readout, { watch, show, alpha, tests }: GuardrailSettings, times = 1): Ends {
  const size = { n: information * times, df, alpha };
  const [forHarm, forSafety] = [oneSidedTestOf(watch, size), oneSidedTestOf(show, size)];
  return {
    watch: forHarm,
    show: forSafety,
    harm: forHarm.critical(alpha / tests),
    safe: forSafety.critical(alpha),
  };
}

/** The end towards harm from one interval, the other end from the other. */
function join<T extends { low: number; high: number }>(harm: T, safe: T, harmIsUp: boolean): T {
  return harmIsUp ? { ...harm, low: harm.low, high: safe.high } : { ...harm, low: safe.low, high: harm.high };
}

function joinLifts(harm: LiftEnds, safe: LiftEnds, harmIsUp: boolean): LiftEnds {
  return harm.state === "bounded" && safe.state === "bounded" ? join(harm, safe, harmIsUp) : { state: "unbounded" };
}

/** Units of both arms until both ends are borne: 0 for none, null where that cannot be told. */
function unitsMissing(pair: Pair, readout: Readout, settings: GuardrailSettings): number | null {
  const { tails, show } = settings;
  if (!tails) return 0;
  const kind = show.kind === "sequence" ? "sequence" : "oneSided";
  const forHarm = unitsThatBear(pair, tails, (times) => endsOf(readout, settings, times).harm, "sequence");
  const forSafety = unitsThatBear(pair, tails, (times) => endsOf(readout, settings, times).safe, kind);
  return forHarm === null || forSafety === null ? null : Math.max(forHarm, forSafety);
}

/**
 * A guardrail against the control: an interval whose ends are each a one-sided bound. The end that would show harm is a
 * sequence's, valid from the first hour, at alpha / `tests` (Bonferroni over all guardrails and treatments: the chance
 * that any of them is called harmful without harm is at most alpha). The end that shows safety is at alpha, by the
 * experiment's own method: "every guardrail is shown" is an intersection-union test (Berger 1982) and needs no
 * correction. p is that of the direction in which the difference lies, one-sided.
 */
export function inferGuardrail(pair: Pair, settings: GuardrailSettings): Comparison {
  const readout = readPair(pair);
  if (!readout) return unknown(pair, whyUnread(pair));
  const own = endsOf(readout, settings);
  const missing = unitsMissing(pair, readout, settings);
  if (missing !== 0) return tooSkewed(pair, readout, missing);
  const { alpha, tests, direction, show } = settings;
  const { estimate, z, lift, formulas } = readout;
  const harmIsUp = direction === "decrease";
  const isHarm = estimate > 0 === harmIsUp && estimate !== 0;
  const logP = z === null ? null : Math.min(0, (isHarm ? own.watch : own.show).logP(Math.abs(z)));
  const p = logP === null ? null : toP(logP);
  const adjustedP = p === null ? null : isHarm ? Math.min(1, p * tests) : p;
  const side = adjustedP !== null && adjustedP < alpha && estimate !== 0 ? (estimate > 0 ? 1 : -1) : 0;
  const [harm, safe] = [readout.ends(own.harm), readout.ends(own.safe)];
  if (!harm || !safe) return unknown(pair, whyUnread(pair), estimate);
  const origin = (formula: IntervalOrigin["formula"]) => ({ level: 1 - alpha, method: show.kind, formula });
  const ends = lift && joinLifts(lift.ends(own.harm), lift.ends(own.safe), harmIsUp);
  const comparison: Comparison = {
    state: logP === null ? "zero_variance" : "ok",
    control: pair.control,
    treatment: pair.treatment,
    difference: boundedInterval(estimate, join(harm, safe, harmIsUp), side, origin(formulas.difference)),
    lift: liftInterval(lift?.estimate ?? null, ends, side, origin(formulas.lift)),
    p,
    logP,
    adjustedP,
    correction: tests > 1 ? "bonferroni" : "none",
    outcome: logP === null ? "unknown" : outcomeOf(side, direction),
    needs: null,
    warnings: pair.contrast.warnings,
    posterior: believe(pair, settings),
  };
  return allFinite(comparison) ? comparison : unknown(pair, "out_of_range");
}
