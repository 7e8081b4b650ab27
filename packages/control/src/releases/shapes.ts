import { RELEASE_STATUSES } from "@telltale/release";
import { z } from "zod";
import { comment, inProject } from "../shapes.ts";

const number = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** Which release of a project. */
export const inRelease = inProject.extend({ release: number });

/** The state that the caller has seen: a release that has moved on since then is not acted on. */
const stateVersion = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Somebody acts on a release as they saw it. */
export const releaseChange = inRelease.extend({ expectedStateVersion: stateVersion, comment });
/** A safe act: done whatever has become of the release meanwhile. */
export const safeReleaseChange = inRelease.extend({ comment });

export const releaseStatus = z.enum(RELEASE_STATUSES);

/** A release after it was acted on. */
export const releaseMoved = z.object({
  release: z.number(),
  status: releaseStatus,
  stateVersion: z.number(),
  /** What happened, for people. */
  sentence: z.string(),
});
