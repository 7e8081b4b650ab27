import { toP } from "../distributions/p-value.ts";
import { type SequentialSplit, sequentialSplit } from "../split/sequential-split.ts";
import type { TwoArms } from "./failures.ts";

/** Units that were assigned while one share was in force. */
export interface SplitStep extends TwoArms {
  /** Share of units that should be treated, 0 to 1. */
  share: number;
}

/** Why nothing was compared, the nearer one to a comparison first. */
const SILENT = ["too_few", "one_arm"] as const;

/**
 * Sample ratio mismatch at any time, over steps of a release: the evidence of the steps multiplies, each against its own
 * share (Lindon & Malek 2022). A unit counts in the step in which it came first. Pass the smallest p of earlier looks as
 * `before`. A step with nobody, of one arm only (a share of 0 or 1), or with too few units says nothing, and does not hide
 * what others say; a treated unit at a share of 0, or one of the control at a share of 1, is an alarm.
 * Throws RangeError for a share outside [0, 1] or what is no count: a caller's bug.
 */
export function splitOverSteps(
  steps: readonly SplitStep[],
  { alpha = 0.001, before = 1 }: { alpha?: number; before?: number } = {},
): SequentialSplit {
  const looks = steps.map(({ treated, control, share }) => sequentialSplit([treated, control], [share, 1 - share]));
  if (looks.some(({ state, p }) => state === "alarm" && p === null)) {
    return { state: "alarm", p: null, logEvidence: null };
  }
  const compared = looks.flatMap(({ logEvidence }) => (logEvidence === null ? [] : [logEvidence]));
  if (compared.length === 0) {
    const state = SILENT.find((name) => looks.some((look) => look.state === name)) ?? "no_data";
    return { state: before < alpha ? "alarm" : state, p: before, logEvidence: null };
  }
  const logEvidence = compared.reduce((sum, own) => sum + own, 0);
  const p = Math.min(before, toP(-logEvidence));
  return { state: p < alpha ? "alarm" : "ok", p, logEvidence };
}
