import { z } from "zod";

export const snapshotId = z.string().min(1).max(64);

export const requestShape = z.object({
  id: z.string(),
  breakdown: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  /** The snapshot that answers it. */
  snapshot: z.string().nullable(),
  /** Why there is none. */
  problem: z.string().nullable(),
});

/** How the analysis goes. */
export const state = z.object({
  lastRunAt: z.date().nullable(),
  /** The newest data that a run has seen. */
  dataTo: z.date().nullable(),
  seconds: z.number(),
  /** Runs take so long that they come less often. */
  isSlow: z.boolean(),
  /** Why the last run failed. */
  problem: z.string().nullable(),
  failures: z.number(),
  newsCheckedAt: z.date().nullable(),
  /** Open ones, oldest first. */
  requests: z.array(requestShape),
});
