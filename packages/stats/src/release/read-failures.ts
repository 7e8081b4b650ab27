import { ratioBounds } from "./failure-bounds.ts";
import { type FailureState, failureEvidence, safetyEvidence } from "./failures.ts";
import { checkLevel } from "./ratios.ts";

/**
 * - `breached`: harm beyond the limit, wrong in at most alpha of harmless releases
 * - `cleared`: harm within the limit, wrong in at most alpha of harmful ones
 * - `undecided`: compared, and neither
 * - `unknown`: not compared; `reason` says why. Never fine.
 */
export type GuardState = "breached" | "cleared" | "undecided" | "unknown";

export interface FailureReading {
  state: GuardState;
  /**
   * Why nothing is compared: `no_units` (nobody was exposed yet), `no_treated` and `no_control` (nobody of that arm, or
   * none among the last 1,000 units). Why there is no effect: `no_failures` (no unit failed), `zero_baseline` (no unit of
   * the control failed: the ratio has no upper end). Null where all is known.
   */
  reason: "no_units" | "no_treated" | "no_control" | "no_failures" | "zero_baseline" | null;
  /** Treated failure rate by that of the control (Mantel & Haenszel over windows); null where it has none. */
  effect: number | null;
  /** Bounds of the effect, each at alpha, at every look at once: `ratioBounds`. */
  low: number | null;
  high: number | null;
  /** Effect that is tolerated: 1 + margin. */
  limit: number;
  /** log of the evidence of harm so far, and at how much the guard is breached: -log alpha. */
  logEvidence: number;
  neededEvidence: number;
  /** Failing units that were compared. */
  treated: number;
  control: number;
}

/**
 * After so many units of one arm, without one of the other between them, the guard is blind: where one in a hundred is in
 * the other arm, chance does that once in 20,000 times.
 */
const BLIND_UNITS = 1_000;

/** What a failing-unit guard says. `alpha` is the guard's own: see `alphaOfEach`. Throws RangeError for no error level. */
export function readFailures(state: FailureState, { alpha }: { alpha: number }): FailureReading {
  checkLevel(alpha);
  const { treated, control, limit, weighted } = state;
  const neededEvidence = -Math.log(alpha);
  const logEvidence = failureEvidence(state);
  const isBreached = logEvidence >= neededEvidence;
  const isCleared = safetyEvidence(state) >= neededEvidence;
  const blind = blindness(state);
  const bounds = ratioBounds(state, alpha);
  const effect = weighted.control > 0 ? weighted.treated / weighted.control : null;
  return {
    state: isBreached ? "breached" : blind ? "unknown" : isCleared ? "cleared" : "undecided",
    reason: blind ?? (treated + control === 0 ? "no_failures" : control === 0 ? "zero_baseline" : null),
    effect,
    ...bounds,
    limit,
    logEvidence,
    neededEvidence,
    treated,
    control,
  };
}

/** Why the guard compares nothing, now or at all. */
function blindness({ exposed, alone }: FailureState): "no_units" | "no_treated" | "no_control" | null {
  const isCompared = exposed.treated > 0 && exposed.control > 0;
  if (!isCompared && alone.treated === 0 && alone.control === 0) return "no_units";
  const enough = isCompared ? BLIND_UNITS : 1;
  // Both arms were exposed, each by itself: the one that came less is what lacks.
  if (alone.treated >= enough && alone.treated >= alone.control) return "no_control";
  return alone.control >= enough ? "no_treated" : null;
}
