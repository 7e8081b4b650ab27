import { toP } from "../distributions/p-value.ts";
import { agree, allFinite, type Ends, endedInterval, liftInterval } from "./formulas/interval.ts";
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
interface Tests {
  watch: Test;
  show: Test;
  /** Critical value of the end that shows harm: claims of harm share alpha. */
  harm: number;
  /** Critical value of the other end: all guardrails must be shown together, which needs no correction. */
  safe: number;
}

function testsOf(
  { looks }: Pair,
  { information, df }: Readout,
  { watch, show, alpha, tests }: GuardrailSettings,
  times = 1,
): Tests {
  const size = { n: information * times, df, alpha, looks };
  const [forHarm, forSafety] = [oneSidedTestOf(watch, size), oneSidedTestOf(show, size)];
  return {
    watch: forHarm,
    show: forSafety,
    harm: forHarm.critical(alpha / tests),
    safe: forSafety.critical(alpha),
  };
}

/** The end towards harm from one interval, the other end from the other. */
function join(harm: Ends, safe: Ends, harmIsUp: boolean): Ends {
  return harmIsUp ? { low: harm.low, high: safe.high } : { low: safe.low, high: harm.high };
}

/** Units of both arms until each end is tolerated: 0 for none, null where that is unknown. */
function unitsMissing(pair: Pair, readout: Readout, settings: GuardrailSettings) {
  const { tails, show } = settings;
  if (!tails) return { harm: 0, safe: 0 };
  const kind = show.kind === "sequence" ? "sequence" : "oneSided";
  return {
    harm: unitsThatBear(pair, tails, (times) => testsOf(pair, readout, settings, times).harm, "sequence"),
    safe: unitsThatBear(pair, tails, (times) => testsOf(pair, readout, settings, times).safe, kind),
  };
}

/** Units until both ends are tolerated. */
function unitsForBoth({ harm, safe }: ReturnType<typeof unitsMissing>): number | null {
  return harm === null || safe === null ? null : Math.max(harm, safe);
}

const NONE: Ends = { low: null, high: null };

/**
 * A guardrail against the control: an interval whose ends are each a one-sided bound. The end that would show harm is a
 * sequence's, valid from the first hour, at alpha / `tests` (Bonferroni over all guardrails and treatments: the chance
 * that any of them is called harmful without harm is at most alpha). The end that shows safety is at alpha, by the
 * experiment's own method: "every guardrail is shown" is an intersection-union test (Berger 1982) and needs no
 * correction. Each end is read by itself: where one is not tolerated by the units yet, or was not read so far out, the
 * interval has the other alone. p is that of the direction in which the difference lies, one-sided; 1 where that end is
 * not known.
 */
export function inferGuardrail(pair: Pair, settings: GuardrailSettings): Comparison {
  const readout = readPair(pair);
  if (!readout) return unknown(pair, whyUnread(pair));
  const { alpha, tests, direction, show } = settings;
  const { estimate, z, lift, formulas } = readout;
  const own = testsOf(pair, readout, settings);
  const missing = unitsMissing(pair, readout, settings);
  const needs = unitsForBoth(missing);
  const harmIsUp = direction === "decrease";
  const [harm, safe] = [missing.harm === 0 ? own.harm : null, missing.safe === 0 ? own.safe : null];
  const joined = (ends: (critical: number) => Ends) =>
    join(harm === null ? NONE : ends(harm), safe === null ? NONE : ends(safe), harmIsUp);
  const ends = joined(readout.ends);
  if (ends.low === null && ends.high === null) {
    return needs === 0 ? unknown(pair, whyUnread(pair), estimate) : tooSkewed(pair, readout, needs);
  }
  const isHarm = estimate > 0 === harmIsUp && estimate !== 0;
  const isKnown = (isHarm === harmIsUp ? ends.low : ends.high) !== null;
  const test = isHarm ? own.watch : own.show;
  const logP = z === null ? null : isKnown ? Math.min(0, test.logP(Math.abs(z))) : 0;
  const p = logP === null ? null : toP(logP);
  const adjustedP = p === null ? null : isHarm ? Math.min(1, p * tests) : p;
  const side = adjustedP !== null && adjustedP < alpha && estimate !== 0 ? (estimate > 0 ? 1 : -1) : 0;
  const origin = (formula: IntervalOrigin["formula"]) => ({ level: 1 - alpha, method: show.kind, formula });
  const ratio = lift && { estimate: lift.estimate, ends: joined(lift.ends) };
  const comparison: Comparison = {
    state: logP === null ? "zero_variance" : "ok",
    control: pair.control,
    treatment: pair.treatment,
    difference: endedInterval(estimate, agree(ends, side), origin(formulas.difference)),
    lift: liftInterval(ratio, ends, side, origin(formulas.lift)),
    p,
    logP,
    adjustedP,
    correction: tests > 1 ? "bonferroni" : "none",
    outcome: logP === null ? "unknown" : outcomeOf(side, direction),
    needs: needs === 0 ? null : needs,
    warnings: pair.contrast.warnings,
    posterior: believe(pair, settings),
  };
  return allFinite(comparison) ? comparison : unknown(pair, "out_of_range");
}
