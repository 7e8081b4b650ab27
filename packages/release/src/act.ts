import { describeStep, inStatus, type Move, pauseMove, type ReleaseAt, rollbackMove } from "./move.ts";
import { finishMove, forwardMove, startMove } from "./next.ts";
import type { PauseReason, ReleaseStatus } from "./state.ts";

/** What somebody does to a release, and the statuses in which it can be done. */
export const VERBS = {
  start: ["draft"],
  cancel: ["draft", "scheduled"],
  pause: ["running", "baking"],
  resume: ["paused"],
  approve: ["running", "paused"],
  advance: ["running", "baking"],
  rollback: ["running", "paused", "baking", "completed", "rolling_back", "rollback_unverified"],
  decommission: ["completed", "rollback_unverified"],
} as const satisfies Record<string, readonly ReleaseStatus[]>;

export type Verb = keyof typeof VERBS;

/** What somebody does, with what they say of it. */
export type Act =
  /** `at`: the moment, milliseconds since 1970; null: now. */
  | { verb: "start"; at: number | null }
  | { verb: "pause"; reason: PauseReason; sentence: string }
  | { verb: "rollback"; sentence: string }
  | { verb: Exclude<Verb, "start" | "pause" | "rollback"> };

export type Acted =
  | { move: Move }
  /** `isOver`: it has ended, so that there is nothing to do and nothing wrong. */
  | { refusal: string; isOver: boolean };

const STATUS_WORDS: Record<ReleaseStatus, string> = {
  draft: "a draft",
  scheduled: "scheduled",
  running: "running",
  paused: "paused",
  baking: "baking",
  completed: "completed",
  decommissioned: "finished",
  rolling_back: "being rolled back",
  rolled_back: "rolled back",
  rollback_unverified: "rolled back without a proof",
  cancelled: "cancelled",
};

/** Whether a verb can be used in a status. */
export function isOffered(verb: Verb, status: ReleaseStatus): boolean {
  return (VERBS[verb] as readonly ReleaseStatus[]).includes(status);
}

/**
 * What becomes of a release when somebody acts on it. Pure.
 * @param now milliseconds since 1970, of the database's clock
 */
export function actOn(release: ReleaseAt, act: Act, now: number): Acted {
  const { state } = release;
  if (act.verb === "pause" && state.status === "paused") return { refusal: "It is paused already.", isOver: true };
  if (!isOffered(act.verb, state.status)) {
    const can = (Object.keys(VERBS) as Verb[]).filter((verb) => isOffered(verb, state.status));
    const hint = can.length > 0 ? ` What can be done: ${can.join(", ")}.` : "";
    return { refusal: `The release is ${STATUS_WORDS[state.status]}.${hint}`, isOver: can.length === 0 };
  }
  switch (act.verb) {
    case "start":
      if (act.at === null) return { move: startMove(release, now) };
      return {
        move: {
          kind: "scheduled",
          to: { ...state, status: "scheduled", startAt: act.at, since: now },
          sentence: `Starts at ${new Date(act.at).toISOString()}.`,
        },
      };
    case "cancel": {
      const to = { ...inStatus(state, "cancelled", now), measuringSince: null, startAt: null };
      return { move: { kind: "cancelled", to, sentence: "Cancelled: nothing of it was served." } };
    }
    case "pause":
      return { move: pauseMove(release, act, now) };
    case "resume":
      return { move: resumeMove(release, now) };
    case "approve":
      return approve(release);
    case "advance":
      return advance(release, now);
    case "rollback":
      return { move: rollbackMove(release, now, act.sentence) };
    case "decommission":
      return { move: finishMove(release, now) };
    default: {
      const never: never = act;
      return never;
    }
  }
}

function resumeMove({ plan, state }: ReleaseAt, now: number): Move {
  const to = {
    ...state,
    status: state.pause?.from ?? ("running" as const),
    measuringSince: now,
    pause: null,
    accepted: [...state.accepted, ...(state.pause?.metric === undefined ? [] : [state.pause.metric])],
    since: now,
    isStalled: false,
  };
  return { kind: "resumed", to, sentence: `Resumed: ${describeStep(plan, state.step)}.` };
}

function approve({ plan, state }: ReleaseAt): Acted {
  if (!plan.steps[state.step]?.isApprovalNeeded) return { refusal: "This step waits for no approval.", isOver: false };
  if (state.approvedStep === state.step) return { refusal: "This step is approved already.", isOver: false };
  const to = { ...state, approvedStep: state.step };
  return { move: { kind: "approved", to, sentence: `Approved to go on from step ${state.step + 1}.` } };
}

/** By hand: the rest of the hold is left out, an approval is not. */
function advance(release: ReleaseAt, now: number): Acted {
  const { plan, state } = release;
  const isMissing = plan.steps[state.step]?.isApprovalNeeded === true && state.approvedStep !== state.step;
  if (isMissing) return { refusal: "This step waits for an approval. Approve it first.", isOver: false };
  return { move: forwardMove(release, now) };
}
