import { sum } from "../plan/arms.ts";
import type { Totals } from "../series/cumulate.ts";

/** The looks of a group sequential plan that were reached. */
export interface GroupLooks {
  /** Information fractions, rising to at most 1; empty before the first look. */
  fractions: number[];
  /** The step whose end is the last look; null when that is now. */
  step: number | null;
  /** No look is left: the planned units were reached or the experiment has ended. */
  isFinal: boolean;
}

/** A look closer to the one before than this share of their spacing is none: it would add nothing but rounding. */
const CLOSEST = 0.25;

/**
 * The k-th look is at the end of the first step by which k / looks of the planned units were in, so that it is always
 * the same one; its fraction is of the units that were there. The end of the experiment is the last look and has
 * fraction 1 (all error is spent), unless a look came just before it. Without planned units the end is the only look.
 */
export function groupLooks(
  totals: readonly Totals[],
  plan: { plannedUnits: number | null; looks: number },
  { isOver, hasEnded }: { isOver: (at: string) => boolean; hasEnded: boolean },
): GroupLooks {
  const { plannedUnits, looks } = plan;
  const closest = CLOSEST / looks;
  const fractions: number[] = [];
  let [reached, step]: [number, number | null] = [0, null];
  for (const [index, { at, units }] of plannedUnits === null ? [] : totals.entries()) {
    const fraction = Math.min(1, sum(units) / (plannedUnits ?? 1));
    const number = Math.floor(fraction * looks * (1 + Number.EPSILON));
    const isNew = number > reached && fraction >= (fractions.at(-1) ?? 0) + closest;
    if (!isNew || !(hasEnded || isOver(at))) continue;
    fractions.push(fraction);
    [reached, step] = [number, index];
  }
  const last = fractions.at(-1) ?? 0;
  if (hasEnded && last <= 1 - closest) {
    fractions.push(1);
    step = null;
  }
  // The last step's sums are the present moments.
  if (step === totals.length - 1) step = null;
  return { fractions, step, isFinal: (fractions.at(-1) ?? 0) > 1 - closest };
}
