import { peopleOf, sum } from "../plan/arms.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { StatisticalSettings } from "../plan/settings.ts";
import type { AnalysisInputs, TakenLook } from "../result/snapshot.ts";
import { cumulate, type Totals } from "../series/cumulate.ts";
import { informationAt } from "./information.ts";
import { windowOf } from "./window.ts";

/** The looks of a group or fixed plan that were reached. */
export interface PlannedLooks {
  /** Those at planned numbers of units: when each was over, and its information fraction, rising to at most 1. */
  taken: TakenLook[];
  /** The information at each of `fractions`; undefined where it was not counted. */
  information: TakenLook["information"][];
  /** Fractions of all looks: of those that were taken and, where no planned look came just before, of the end. */
  fractions: number[];
  /** The step whose end is the last look; null when that is now, or an earlier run took it. */
  step: number | null;
  /** An earlier run took the last look: its moments were asked for, and stay. */
  isKept: boolean;
  /** No look is left: the planned units were reached or the experiment has ended. */
  isFinal: boolean;
  /** When the next look is read whose units are in, milliseconds: its step is not over, or its units' windows are not. */
  due: number | null;
}

/** A look closer to the one before than this share of their spacing is none: it would add nothing but rounding. */
const CLOSEST = 0.25;

interface Reached {
  plannedUnits: number | null;
  looks: number;
  stepMs: number;
  /** Now, milliseconds: while the experiment runs a step counts once it is over. */
  to: number;
  hasEnded: boolean;
  /** Looks that earlier runs took. */
  before?: readonly TakenLook[] | undefined;
  /** What is handed on of the information at the end of a step. */
  informationAt?: (totals: Totals) => TakenLook["information"];
}

const isoOf = (ms: number) => new Date(ms).toISOString();

/**
 * The k-th look is at the end of the first step by which k / looks of the planned units were in; its fraction is of the
 * units that were there. Steps get longer with the window: what an earlier run took stays as it was. The end of the
 * experiment is the last look and has fraction 1 (all error is spent), unless a look came just before it. Without planned
 * units the end is the only look.
 */
export function groupLooks(totals: readonly Totals[], reached: Reached): PlannedLooks {
  const { plannedUnits, looks, stepMs, to, hasEnded, before = [], informationAt = () => undefined } = reached;
  const closest = CLOSEST / looks;
  const numberOf = (fraction: number) => Math.floor(fraction * looks * (1 + Number.EPSILON));
  const taken = [...before];
  let [number, step]: [number, number | null] = [numberOf(before.at(-1)?.fraction ?? 0), null];
  let due: number | null = null;
  for (const [index, own] of plannedUnits === null ? [] : totals.entries()) {
    const { at, units } = own;
    const fraction = Math.min(1, sum(units) / (plannedUnits ?? 1));
    const last = taken.at(-1)?.fraction ?? 0;
    const end = Date.parse(at) + stepMs;
    if (numberOf(fraction) <= number || fraction < last + closest) continue;
    if (!hasEnded && end > to) {
      due ??= end;
      continue;
    }
    const information = informationAt(own);
    taken.push({ end: isoOf(end), fraction, ...(information ? { information } : {}) });
    [number, step] = [numberOf(fraction), index];
  }
  const fractions = taken.map(({ fraction }) => fraction);
  const information = taken.map((look) => look.information);
  const isEnd = hasEnded && (fractions.at(-1) ?? 0) <= 1 - closest;
  const present = totals.at(-1);
  if (isEnd) {
    fractions.push(1);
    information.push(present && informationAt(present));
  }
  return {
    taken,
    information,
    fractions,
    // The last step's sums are the present moments.
    step: isEnd || step === totals.length - 1 ? null : step,
    isKept: !isEnd && taken.length > 0 && taken.length === before.length,
    isFinal: (fractions.at(-1) ?? 0) > 1 - closest,
    due,
  };
}

/**
 * A fixed plan's one look, when the planned units have had the time that their metrics give them: the end of the step that
 * is the longest window after the one in which the planned units were in. Until then there is none, unless the experiment
 * ended before: then its end is the look.
 */
export function whenMature(
  look: PlannedLooks,
  plan: Pick<AnalysisPlan, "metrics">,
  totals: readonly Totals[],
  { stepMs, to, hasEnded }: Pick<Reached, "stepMs" | "to" | "hasEnded">,
): PlannedLooks {
  const wait = Math.ceil(windowOf(plan) / stepMs) * stepMs;
  const [reached] = look.taken;
  if (look.isKept || wait === 0) return look;
  if (!reached) return { ...look, due: look.due === null ? null : look.due + wait };
  const end = Date.parse(reached.end) + wait;
  if (end <= to) {
    const step = totals.findLastIndex(({ at }) => Date.parse(at) + stepMs <= end);
    return {
      ...look,
      taken: [{ ...reached, end: isoOf(end) }],
      step: step === totals.length - 1 ? null : step,
    };
  }
  if (hasEnded) return { ...look, taken: [], step: null };
  return { ...look, taken: [], information: [], fractions: [], step: null, isFinal: false, due: end };
}

/** The looks of this plan as these settings read it; those that earlier runs took count for the plan's own method. */
export function plannedLooks(
  { plan, status, window, stepSeconds, looks: before }: AnalysisInputs,
  { method, looks }: Pick<StatisticalSettings, "method" | "looks">,
  totals: readonly Totals[],
): PlannedLooks {
  const [stepMs, to, hasEnded] = [stepSeconds * 1_000, Date.parse(window.to), status === "ended"];
  const isFixed = method === "fixed";
  const own = method === plan.settings.method ? before : undefined;
  const found = groupLooks(totals, {
    plannedUnits: plan.plannedUnits,
    looks: isFixed ? 1 : looks,
    stepMs,
    to,
    hasEnded,
    before: own,
    ...(isFixed ? {} : { informationAt: (totals: Totals) => informationAt(plan, totals) }),
  });
  return isFixed ? whenMature(found, plan, totals, { stepMs, to, hasEnded }) : found;
}

/**
 * The planned looks that were reached, with those that earlier runs took: to hand on to the next run, and to ask the store
 * for the moments as they stood at the last of them. Empty for a sequence, which has none.
 */
export function looksOf(inputs: AnalysisInputs): TakenLook[] {
  const { plan, moments } = inputs;
  if (plan.settings.method === "sequence" || peopleOf(plan, moments).people === 0) return [...(inputs.looks ?? [])];
  return plannedLooks(inputs, plan.settings, cumulate(plan, moments.series)).taken;
}
