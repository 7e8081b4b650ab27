import type { Action } from "@telltale/access";

/** The product's own processes, and what each may do in every organisation. Only code acts as one of them. */
export const SYSTEM_ACTORS = {
  "demo seed": [
    "project.read",
    "audit.read",
    "project.create",
    "environment.create",
    "environment.publish",
    "flag.create",
    "flag.update",
    "segment.create",
    "segment.update",
    "release.create",
    "release.start",
    "experiment.create",
    "experiment.update",
    "experiment.start",
    "experiment.stop",
    "metric.create",
    "metric.update",
    "layer.create",
    "holdout.create",
    "key.create",
    "key.revoke",
    "member.manage",
  ],
  /** Adds the first person to a database of one's own. */
  launcher: ["project.read", "project.create", "environment.create", "key.create", "member.manage"],
  /** Applies what is due (each change with the permissions of its author besides), and analyses. */
  worker: [
    "project.read",
    "change.apply",
    "release.advance",
    "release.rollback",
    "environment.publish",
    "snapshot.recompute",
  ],
} as const satisfies Record<string, readonly Action[]>;

export type SystemActorName = keyof typeof SYSTEM_ACTORS;
