import type { DecisionReason, GuardrailReason, HealthProblem, SimpleCode } from "./reason.ts";
import { type Judged, type Judgement, judgeTreatment, type TreatmentFacts } from "./treatment.ts";

/**
 * - `collecting`: too few units or conversions for any interval, and the plan goes on
 * - `keep_running`: nothing is decided yet, a winner's guardrail is not shown yet, or the method may be read at the
 *   planned end only
 * - `ship`: a treatment is better, and every guardrail is shown to do less harm than its margin
 * - `no_difference`: no effect as large as the smallest one of interest, in any treatment still open
 * - `too_small`: a difference is sure, and so is that it is smaller than what matters: a person chooses
 * - `roll_back`: every treatment is worse or breaks a guardrail
 * - `mixed`: primary metrics contradict each other, or the plan ended with a winner's guardrail not shown: decide by hand
 * - `do_not_decide`: a health check failed or a guardrail's data never came, so that no number can be trusted
 */
export const VERDICT_CODES = [
  "collecting",
  "keep_running",
  "ship",
  "no_difference",
  "too_small",
  "roll_back",
  "mixed",
  "do_not_decide",
] as const;

export type VerdictCode = (typeof VERDICT_CODES)[number];

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
  /** Treatments in the order of the experiment, each against the control. */
  treatments: readonly TreatmentFacts<C>[];
  /** Treatments against each other: `treatment` by a primary metric, with `other` in the control's place. */
  between?: readonly Between<C>[] | undefined;
}

/** Two treatments by one primary metric. */
export interface Between<C extends Judged = Judged> {
  treatment: number;
  other: number;
  metric: number;
  comparison: C;
}

export interface DecidedVerdict {
  code: VerdictCode;
  /** The treatment it speaks of, its index; null when it speaks of all. */
  treatment: number | null;
  reasons: DecisionReason[];
  /** What would change it. */
  wouldChange: DecisionReason[];
}

function say(
  code: VerdictCode,
  treatment: number | null,
  reasons: DecisionReason[],
  change: SimpleCode,
): DecidedVerdict {
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
    ...guardrails.flatMap(({ margin, absoluteMargin }) => [margin, absoluteMargin ?? 0]),
  ]);
  if (![units.smallestArm, units.minimum, ...rule].every(Number.isFinite)) {
    throw new RangeError("Units, margins and smallest effects of interest must be finite numbers.");
  }
}

/**
 * The verdict by the rule fixed before launch: health first, then guardrails, then the primary metrics, treatment by
 * treatment. A broken guardrail outranks a win of the same treatment and may be found at any time, from the minimum of
 * units on; a win needs every guardrail shown. Throws RangeError when a margin, a smallest effect or a number of units is
 * no finite number: a caller's bug.
 */
export function decideVerdict(facts: VerdictFacts): DecidedVerdict {
  checkFacts(facts);
  return judge(facts);
}

const reasonsOf = (list: readonly Judgement[]) => list.flatMap(({ reasons }) => reasons);

function guardrailsOf(list: readonly Judgement[], ...codes: GuardrailReason["code"][]): GuardrailReason[] {
  return list.flatMap(({ guardrails }) => guardrails.filter(({ code }) => codes.includes(code)));
}

function judge(facts: VerdictFacts): DecidedVerdict {
  const { health, units, treatments, readable } = facts;
  if (health.length > 0) {
    const problems = health.map((problem): DecisionReason => ({ code: "health", problem }));
    return say("do_not_decide", null, problems, "health_restored");
  }
  const isKnown = treatments.some(({ primary }) => primary.some(({ comparison }) => comparison.outcome !== "unknown"));
  const judged = treatments
    .map((treatment, index) => judgeTreatment(treatment, index, readable))
    .filter(({ index }) => !treatments[index]?.isClosed);
  const broken = judged.filter(({ state }) => state === "broken");
  const isEnough = units.smallestArm >= units.minimum;
  if (!isEnough || (!isKnown && broken.length === 0)) {
    const few: DecisionReason = { code: "too_few_units", units: units.smallestArm, minimum: units.minimum };
    const why: DecisionReason = isKnown || broken.length > 0 ? few : { code: "nothing_known" };
    if (facts.ended) return say("keep_running", null, [{ code: "ended_undecided" }, why], "more_units");
    return say("collecting", null, [why], "more_units");
  }
  const missing = guardrailsOf(judged, "guardrail_not_received");
  const canShip = missing.length === 0 && judged.some((one) => one.state === "win" && openOf(one).length === 0);
  if (broken.length > 0 && !canShip) {
    return say("roll_back", single(broken), reasonsOf(broken), "change_treatment");
  }
  if (missing.length > 0) return say("do_not_decide", null, missing, "data_received");
  if (!readable) return say("keep_running", null, [{ code: "not_readable_yet" }], "planned_end");
  return judgeWinners(facts, judged) ?? judgeOthers(facts, judged);
}

/** Guardrails that a winner still waits for. */
const openOf = (one: Judgement) => guardrailsOf([one], "guardrail_not_shown", "guardrail_unknown");

/** "Ship" needs every guardrail of the winner; a winner whose guardrails are open waits, or is a person's choice. */
function judgeWinners(facts: VerdictFacts, judged: readonly Judgement[]): DecidedVerdict | null {
  const wins = judged.filter(({ state }) => state === "win");
  if (wins.length === 0) return null;
  const safe = wins.filter((one) => openOf(one).length === 0);
  const best = bestOf(facts, safe);
  if (best) {
    const broken = judged.filter(({ state }) => state === "broken");
    const others = safe.filter(({ index }) => index !== best.index);
    const reasons = [
      ...best.reasons,
      ...others.map((other) => compareWinners(facts, best, other)),
      ...guardrailsOf([best], "guardrail_shown", "guardrail_no_harm"),
      ...reasonsOf(broken),
    ];
    return say("ship", best.index, reasons, "guardrail_breach");
  }
  const losses = judged.filter(({ state }) => state === "loss");
  const reasons = [...wins.flatMap((one) => [...one.reasons, ...openOf(one)]), ...reasonsOf(losses)];
  return facts.ended
    ? say("mixed", single(wins), reasons, "decide_by_hand")
    : say("keep_running", single(wins), reasons, "more_units");
}

function judgeOthers({ ended }: VerdictFacts, judged: readonly Judgement[]): DecidedVerdict {
  const inState = (state: Judgement["state"]) => judged.filter((judgement) => judgement.state === state);
  const [mixed, open, small] = [inState("mixed"), inState("open"), inState("small")];
  if (mixed.length > 0) return say("mixed", single(mixed), reasonsOf(mixed), "decide_by_hand");
  if (open.length > 0) {
    const end: DecisionReason[] = ended ? [{ code: "ended_undecided" }] : [];
    // What is surely worse is named, though the others go on.
    return say("keep_running", null, [...end, ...reasonsOf(open), ...reasonsOf(inState("loss"))], "more_units");
  }
  if (small.length > 0) return say("too_small", single(small), reasonsOf(small), "decide_by_hand");
  if (inState("flat").length > 0) return say("no_difference", null, reasonsOf(judged), "smaller_effect_of_interest");
  return say("roll_back", single(judged), reasonsOf(judged), "change_treatment");
}

/** Larger is better for the user, whichever way the metric goes; by the lift alone, which has no unit. */
function gain(comparison: Judged | undefined): number {
  return Math.abs(comparison?.lift.estimate ?? 0);
}

/** The primary metric that a treatment won by most, its place. */
function leadOf(treatment: TreatmentFacts | undefined): { metric: number; gain: number } {
  const better = (treatment?.primary ?? []).flatMap(({ comparison }, metric) =>
    comparison.outcome === "better" ? [{ metric, gain: gain(comparison) }] : [],
  );
  return better.toSorted((a, b) => b.gain - a.gain)[0] ?? { metric: 0, gain: 0 };
}

function bestOf({ treatments }: VerdictFacts, wins: readonly Judgement[]): Judgement | undefined {
  return wins.toSorted((a, b) => leadOf(treatments[b.index]).gain - leadOf(treatments[a.index]).gain)[0];
}

/**
 * Is the best winner better than another one, by the metric that it won by? What was not compared is not distinguished.
 */
function compareWinners({ treatments, between = [] }: VerdictFacts, best: Judgement, other: Judgement): DecisionReason {
  const { metric } = leadOf(treatments[best.index]);
  const isBetter = between.some(
    (pair) =>
      pair.treatment === best.index &&
      pair.other === other.index &&
      pair.metric === metric &&
      pair.comparison.outcome === "better",
  );
  return { code: isBetter ? "better_than" : "not_told_apart", treatment: best.index, other: other.index, metric };
}
