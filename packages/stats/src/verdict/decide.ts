import type { HealthProblem, Reason, SimpleCode } from "./reason.ts";
import { type Judged, type Judgement, judgeTreatment, type TreatmentFacts } from "./treatment.ts";

/**
 * - `collecting`: too few units or conversions for any interval
 * - `keep_running`: nothing is decided yet, or the method may be read at the planned end only
 * - `ship`: a treatment is better and breaks no guardrail
 * - `no_difference`: no effect as large as the smallest one of interest, in any treatment still open
 * - `roll_back`: every treatment is worse or breaks a guardrail
 * - `mixed`: primary metrics contradict each other: decide by hand
 * - `do_not_decide`: a health check failed, so that no number can be trusted
 */
export type VerdictCode =
  | "collecting"
  | "keep_running"
  | "ship"
  | "no_difference"
  | "roll_back"
  | "mixed"
  | "do_not_decide";

/** The rule that was fixed before launch, and how far the experiment is. Numbers only. */
export interface VerdictFacts<C extends Judged = Judged> {
  /** Failed checks; any of them replaces the verdict. */
  health: readonly HealthProblem[];
  /** Units in the smallest arm, and below how many nothing is said. */
  units: { smallestArm: number; minimum: number };
  /** May the primary metrics be read now? Sequences: always. Group plans: at a look. Fixed: at the planned end. */
  readable: boolean;
  /** The planned end has passed, so that running on is not in the plan. */
  ended: boolean;
  /** Units over all arms so far, planned, and new ones a day, to tell how long it takes. */
  progress: { units: number; planned: number | null; perDay: number | null };
  /** Treatments in the order of the experiment, each against the control. */
  treatments: readonly TreatmentFacts<C>[];
}

export interface Verdict {
  code: VerdictCode;
  /** The treatment it speaks of, its index; null when it speaks of all. */
  treatment: number | null;
  reasons: Reason[];
  /** What would change it. */
  wouldChange: Reason[];
  /** Days until the planned size at the present pace; null when that cannot be told. */
  daysLeft: number | null;
}

function daysLeft({ units, planned, perDay }: VerdictFacts["progress"]): number | null {
  if (planned === null || perDay === null || !(perDay > 0)) return null;
  const days = Math.ceil((planned - units) / perDay);
  return Number.isFinite(days) ? Math.max(0, days) : null;
}

/** Larger is better for the user, whichever way the metric goes. */
function gain(comparison: Judged | undefined): number {
  return Math.abs(comparison?.lift.estimate ?? comparison?.difference.estimate ?? 0);
}

type Found = Omit<Verdict, "daysLeft">;

function say(code: VerdictCode, treatment: number | null, reasons: Reason[], change: SimpleCode): Found {
  return { code, treatment, reasons, wouldChange: [{ code: change }] };
}

/** The index when it is the only one. */
function single(list: readonly Judgement[]): number | null {
  return list.length === 1 ? (list[0]?.index ?? null) : null;
}

/** Throws RangeError for a rule that only a bug can make. */
function checkFacts({ units, treatments }: VerdictFacts): void {
  const rule = treatments.flatMap(({ primary, guardrails }) => [
    ...primary.map(({ smallestEffect }) => smallestEffect ?? 0),
    ...guardrails.map(({ margin }) => margin),
  ]);
  if (![units.smallestArm, units.minimum, ...rule].every(Number.isFinite)) {
    throw new RangeError("Units, margins and smallest effects of interest must be finite numbers.");
  }
}

/**
 * The verdict by the rule fixed before launch: health first, then guardrails, then the primary metrics, treatment by
 * treatment. A broken guardrail outranks a win of the same treatment and may be found at any time. Throws RangeError
 * when a margin, a smallest effect or a number of units is no finite number: a caller's bug.
 */
export function decide(facts: VerdictFacts): Verdict {
  checkFacts(facts);
  const found = judge(facts);
  const waits = found.code === "keep_running" || found.code === "collecting";
  return { ...found, daysLeft: waits ? daysLeft(facts.progress) : null };
}

function judge({ health, units, treatments, readable, ended }: VerdictFacts): Found {
  if (health.length > 0) {
    const problems = health.map((problem): Reason => ({ code: "health", problem }));
    return say("do_not_decide", null, problems, "health_restored");
  }
  const judged = treatments.map((treatment, index) => judgeTreatment(treatment, index, readable));
  const of = (state: Judgement["state"]) => judged.filter((judgement) => judgement.state === state);
  const reasonsOf = (list: Judgement[]) => list.flatMap(({ reasons }) => reasons);
  const [broken, wins, mixed, open] = [of("broken"), of("win"), of("mixed"), of("open")];
  const known = treatments.some(({ primary }) => primary.some(({ comparison }) => comparison.outcome !== "unknown"));
  const enough = known && units.smallestArm >= units.minimum;
  if (broken.length > 0 && (wins.length === 0 || !enough)) {
    return say("roll_back", single(broken), reasonsOf(broken), "change_treatment");
  }
  if (!enough) {
    const few: Reason = { code: "too_few_units", units: units.smallestArm, minimum: units.minimum };
    return say("collecting", null, [known ? few : { code: "nothing_known" }], "more_units");
  }
  if (!readable) return say("keep_running", null, [{ code: "not_readable_yet" }], "planned_end");
  const best = wins.toSorted((a, b) => gain(lead(treatments[b.index])) - gain(lead(treatments[a.index])))[0];
  if (best) return say("ship", best.index, [...best.reasons, ...reasonsOf(broken)], "guardrail_breach");
  if (mixed.length > 0) return say("mixed", single(mixed), reasonsOf(mixed), "decide_by_hand");
  if (open.length > 0) {
    const end: Reason[] = ended ? [{ code: "ended_undecided" }] : [];
    return say("keep_running", null, [...end, ...reasonsOf(open)], "more_units");
  }
  if (of("flat").length > 0) return say("no_difference", null, reasonsOf(judged), "smaller_effect_of_interest");
  return say("roll_back", single(judged), reasonsOf(judged), "change_treatment");
}

/** The primary metric that a treatment won by. */
function lead(treatment: TreatmentFacts | undefined): Judged | undefined {
  const better = treatment?.primary.filter(({ comparison }) => comparison.outcome === "better") ?? [];
  return better.toSorted((a, b) => gain(b.comparison) - gain(a.comparison))[0]?.comparison;
}
