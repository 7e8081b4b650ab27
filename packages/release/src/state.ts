import { z } from "zod";

export const RELEASE_STATUSES = [
  "draft",
  "scheduled",
  "running",
  "paused",
  "baking",
  "completed",
  "decommissioned",
  "rolling_back",
  "rolled_back",
  "rollback_unverified",
  "cancelled",
] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

/** Why a release is paused: somebody paused it, others changed what it releases, a guard broke, or it could not go on. */
export const PAUSE_REASONS = ["user", "conflict", "guard", "error"] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Where a release is. Moments are milliseconds since 1970, of the database's clock. */
export interface ReleaseState {
  status: ReleaseStatus;
  /** Index of the step that is served; behind the last one all are served the variant. -1: none, not started or given up. */
  step: number;
  /** How long this step, or what comes behind the steps, was measured before its last pause, milliseconds. */
  measuredMs: number;
  /** Since when it is measured without a pause; null: it is not. */
  measuringSince: number | null;
  pause: {
    from: "running" | "baking";
    reason: PauseReason;
    sentence: string;
    /** Metric of the guard that broke. */
    metric?: string | undefined;
  } | null;
  /** Metrics of broken guards behind which somebody let the release go on: these pause it no more. */
  accepted: string[];
  /** The step behind which somebody let the release go on; null: none. */
  approvedStep: number | null;
  /** When it starts by itself; null: when somebody starts it. */
  startAt: number | null;
  /** Since when its status and its step are what they are; null: it has not begun. */
  since: number | null;
  /** It has made no progress for three weeks, and said so. */
  isStalled: boolean;
}

/** A release before it starts. */
export const DRAFT: ReleaseState = {
  status: "draft",
  step: -1,
  measuredMs: 0,
  measuringSince: null,
  pause: null,
  accepted: [],
  approvedStep: null,
  startAt: null,
  since: null,
  isStalled: false,
};

const storedState: z.ZodType<ReleaseState> = z.object({
  status: z.enum(RELEASE_STATUSES),
  step: z.number(),
  measuredMs: z.number(),
  measuringSince: z.number().nullable(),
  pause: z
    .object({
      from: z.enum(["running", "baking"]),
      reason: z.enum(PAUSE_REASONS),
      sentence: z.string(),
      metric: z.string().optional(),
    })
    .nullable(),
  accepted: z.array(z.string()),
  approvedStep: z.number().nullable(),
  startAt: z.number().nullable(),
  since: z.number().nullable(),
  isStalled: z.boolean(),
});

/** Reads a state from a JSON column. @throws z.ZodError where it holds something else */
export function readReleaseState(json: unknown): ReleaseState {
  return storedState.parse(json);
}

/** Statuses in which a release owns its flag in its environment: no other release or experiment begins there. */
export const OWNING = ["scheduled", "running", "paused", "baking", "rolling_back"] as const satisfies ReleaseStatus[];

/** How long the step, the bake or the standby was measured by now, without pauses, milliseconds. */
export function measuredBy({ measuredMs, measuringSince }: ReleaseState, now: number): number {
  return measuredMs + (measuringSince === null ? 0 : Math.max(0, now - measuringSince));
}
