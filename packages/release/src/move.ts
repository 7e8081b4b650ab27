import { describeParts } from "@telltale/configuration";
import type { ReleasePlan } from "./plan.ts";
import { measuredBy, type PauseReason, type ReleaseState } from "./state.ts";

/** A plan and where it is. */
export interface ReleaseAt {
  plan: ReleasePlan;
  state: ReleaseState;
}

/** What happened to a release. */
export const MOVE_KINDS = [
  "scheduled",
  "started",
  "advanced",
  "approved",
  "paused",
  "resumed",
  "stalled",
  "set_aside",
  "completed",
  "decommissioned",
  "rolling_back",
  "rolled_back",
  "rollback_unverified",
  "cancelled",
] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];

/** One transition: where the release goes, and what is told of it. */
export interface Move {
  kind: MoveKind;
  to: ReleaseState;
  /** For people: what is so now, and why. */
  sentence: string;
}

/** At a step, with its measuring begun anew; behind the last step it bakes. */
export function atStep({ steps }: ReleasePlan, state: ReleaseState, step: number, now: number): ReleaseState {
  return {
    ...state,
    status: step < steps.length ? "running" : "baking",
    step,
    ...measuringFrom(now),
    pause: null,
    approvedStep: null,
    startAt: null,
  };
}

/** In a status that begins now. */
export function inStatus(state: ReleaseState, status: ReleaseState["status"], now: number): ReleaseState {
  return { ...state, status, ...measuringFrom(now), pause: null, approvedStep: null };
}

function measuringFrom(now: number): Pick<ReleaseState, "measuredMs" | "measuringSince" | "since" | "isStalled"> {
  return { measuredMs: 0, measuringSince: now, since: now, isStalled: false };
}

/** What is served at a step, in words. */
export function describeStep({ variant, steps, holdbackParts }: ReleasePlan, step: number): string {
  const at = steps[step];
  if (at) return `${describeParts(at.parts)} get "${variant}"`;
  return holdbackParts > 0 ? `all but ${describeParts(holdbackParts)} get "${variant}"` : `everybody gets "${variant}"`;
}

/** What is served and what was measured stays; nothing goes on. An edit of others takes the step's approval away. */
export function pauseMove(
  { plan, state }: ReleaseAt,
  { reason, sentence, metric }: { reason: PauseReason; sentence: string; metric?: string },
  now: number,
): Move {
  const from = state.pause?.from ?? (state.status === "baking" ? ("baking" as const) : ("running" as const));
  const to = {
    ...state,
    status: "paused" as const,
    measuredMs: measuredBy(state, now),
    measuringSince: null,
    pause: { from, reason, sentence, metric },
    approvedStep: reason === "conflict" ? null : state.approvedStep,
  };
  return { kind: "paused", to, sentence: `Paused while ${describeStep(plan, state.step)}. ${sentence}`.trim() };
}

/** Takes the variant back from everybody who got it by the release. */
export function rollbackMove({ state }: ReleaseAt, now: number, why: string): Move {
  return { kind: "rolling_back", to: inStatus(state, "rolling_back", now), sentence: `Rolling back: ${why}` };
}
