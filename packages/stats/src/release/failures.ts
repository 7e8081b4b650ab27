import { LOG_RATIOS, logMeanExp, RATIOS } from "./ratios.ts";

/** What the ratios, and one by them, are beyond 1. */
const ABOVE: readonly number[] = RATIOS.map((ratio) => ratio - 1);
const BELOW: readonly number[] = RATIOS.map((ratio) => 1 / ratio - 1);

/** Units of each arm. */
export interface TwoArms {
  treated: number;
  control: number;
}

/**
 * What is known of failing units since a release began: plain JSON of a fixed size. It goes on over steps of any share,
 * and over a restart.
 */
export interface FailureState {
  /** Rate ratio that is tolerated: 1 + margin. */
  limit: number;
  /** log likelihood of the ratio RATIOS[j] * limit, less that of the limit: evidence of harm. */
  sums: number[];
  /** log likelihood of the ratio limit / RATIOS[j], less that of the limit: evidence of safety. */
  safetySums: number[];
  /** Failing units so far, of windows in which both arms were exposed. */
  treated: number;
  control: number;
  /** Mantel and Haenszel's sums: failing units of each arm times the other arm's share. Their ratio is the rate ratio. */
  weighted: TwoArms;
  /** Exposed units so far, window by window, of windows in which both arms were exposed. */
  exposed: TwoArms;
  /** Exposed units of one arm since the last window in which both were: of them nothing can be said. */
  alone: TwoArms;
}

/** What came in one window of time (a few seconds). */
export interface FailureWindow {
  /** Units that failed for the first time since the release began, in whichever arm. See `observeFailures`. */
  treatedFailing: number;
  controlFailing: number;
  /** Units that were exposed in this window. Whole shares of them are enough: only the treated share is used. */
  treatedExposed: number;
  controlExposed: number;
}

/**
 * A guard before its first window. `margin` is the harm that is tolerated: 0.1 tolerates a failure rate 1.1 times that
 * of the control. Throws RangeError for a margin outside [0, 10]: a caller's bug.
 */
export function startFailures({ margin }: { margin: number }): FailureState {
  if (!(margin >= 0 && margin <= 10)) throw new RangeError(`margin must lie between 0 and 10, not ${margin}.`);
  return {
    limit: 1 + margin,
    sums: RATIOS.map(() => 0),
    safetySums: RATIOS.map(() => 0),
    treated: 0,
    control: 0,
    weighted: { treated: 0, control: 0 },
    exposed: { treated: 0, control: 0 },
    alone: { treated: 0, control: 0 },
  };
}

/**
 * The state after one more window. With s the treated share of exposed units, each failing unit is a coin that falls on
 * "treated" with p0 = s r0 / (s r0 + 1 - s) where the rate ratio is the limit r0: a mean of likelihood ratios of such
 * coins is 1 or less on average as long as the ratio is at most r0, at any time and for any history of shares (Ville
 * 1939; Lindon & Malek 2022 for counts). So shares may change from window to window, and failures may come in bursts.
 *
 * **The coins must be units, each once in a release**: a unit that failed before, in either arm, is not counted again.
 * With eight errors a unit, counting errors alarms falsely in half of all harmless releases; units that are counted anew
 * at each step keep the level by simulation only. Of a window in which one arm was not exposed nothing is said, nor are
 * its failing units counted: where failures come later than exposures, pass exposures by the planned shares. In a window
 * that is compared, an arm has at least as many exposed units as failing ones.
 *
 * Throws RangeError for what is no count, or a state of another kind: a caller's bug.
 */
export function observeFailures(state: FailureState, window: FailureWindow): FailureState {
  const { treatedFailing, controlFailing } = window;
  const all = Object.values(window);
  if (!all.every((count) => count >= 0 && count <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError("A window needs counts that are finite and not negative.");
  }
  if (state.sums.length !== RATIOS.length || state.safetySums.length !== RATIOS.length) {
    throw new RangeError(`A guard's state has ${RATIOS.length} sums of each kind.`);
  }
  const now = {
    treated: Math.max(window.treatedExposed, treatedFailing),
    control: Math.max(window.controlExposed, controlFailing),
  };
  // By failing units alone a share would be a guess: one late treated unit among a million of the control looks like harm.
  if (window.treatedExposed === 0 || window.controlExposed === 0) return { ...state, alone: added(state.alone, now) };
  const share = now.treated / (now.treated + now.control);
  const exposed = added(state.exposed, now);
  const alone = { treated: 0, control: 0 };
  const failing = treatedFailing + controlFailing;
  if (failing === 0) return { ...state, exposed, alone };
  const p0 = (share * state.limit) / (share * state.limit + 1 - share);
  const gain = (j: number, sign: 1 | -1) => {
    const beyond = (sign === 1 ? ABOVE : BELOW)[j] ?? 0;
    return sign * treatedFailing * (LOG_RATIOS[j] ?? 0) - failing * Math.log1p(p0 * beyond);
  };
  return {
    limit: state.limit,
    sums: state.sums.map((sum, j) => sum + gain(j, 1)),
    safetySums: state.safetySums.map((sum, j) => sum + gain(j, -1)),
    treated: state.treated + treatedFailing,
    control: state.control + controlFailing,
    weighted: added(state.weighted, { treated: treatedFailing * (1 - share), control: controlFailing * share }),
    exposed,
    alone,
  };
}

function added(a: TwoArms, b: TwoArms): TwoArms {
  return { treated: a.treated + b.treated, control: a.control + b.control };
}

/**
 * log of the evidence E that the rate ratio is above the limit. A release in which it is not reaches E >= 1 / alpha at
 * any time with a probability of at most alpha, however often one looks.
 */
export function failureEvidence({ sums }: Pick<FailureState, "sums">): number {
  return logMeanExp(sums);
}

/** The same evidence that the rate ratio is below the limit. */
export function safetyEvidence({ safetySums }: Pick<FailureState, "safetySums">): number {
  return logMeanExp(safetySums);
}
