import { describeParts } from "@telltale/configuration";
import type { ReleasePlan } from "./plan.ts";
import type { ReleaseState } from "./state.ts";

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
