import { z } from "zod";
import { ACTION_NAMES, type Action, actionSchema } from "./actions.ts";

/** A named list of actions. */
export interface Role {
  key: string;
  name: string;
  actions: readonly Action[];
}

const viewer: readonly Action[] = ["project.read", "audit.read"];

const analyst: readonly Action[] = [
  ...viewer,
  "experiment.create",
  "experiment.update",
  "experiment.decide",
  "metric.create",
  "metric.update",
  "metric.archive",
  "snapshot.recompute",
  "change.create",
  "change.review",
];

const editor: readonly Action[] = [
  ...viewer,
  "flag.create",
  "flag.update",
  "segment.create",
  "segment.update",
  "release.create",
  "experiment.create",
  "experiment.update",
  "metric.create",
  "metric.update",
  "layer.create",
  "layer.update",
  "snapshot.recompute",
  "change.create",
  "change.review",
];

const publisher: readonly Action[] = [
  ...new Set([...editor, ...analyst]),
  "environment.publish",
  "flag.archive",
  "segment.archive",
  "release.start",
  "release.advance",
  "release.approve",
  "release.rollback",
  "experiment.start",
  "experiment.stop",
  "holdout.create",
  "holdout.end",
  "change.approve",
  "change.schedule",
  "change.apply",
];

/** Changes of the organisation itself; whoever has these may make others owners. */
const ofOwners: readonly Action[] = ["organisation.update"];

/** The roles that every organisation has, from the one that may do most. They are data: nothing asks for a role. */
export const BUILT_IN_ROLES = [
  { key: "owner", name: "Owner", actions: ACTION_NAMES },
  { key: "admin", name: "Admin", actions: ACTION_NAMES.filter((action) => !ofOwners.includes(action)) },
  { key: "publisher", name: "Publisher", actions: publisher },
  { key: "editor", name: "Editor", actions: editor },
  { key: "analyst", name: "Analyst", actions: analyst },
  { key: "viewer", name: "Viewer", actions: viewer },
] as const satisfies readonly Role[];

export type BuiltInRoleKey = (typeof BUILT_IN_ROLES)[number]["key"];

/** The built-in role of that key; undefined where there is none. */
export function findBuiltInRole(key: string): Role | undefined {
  return BUILT_IN_ROLES.find((role) => role.key === key);
}

const ofPeople: readonly Action[] = ["change.approve", "change.bypass", "release.approve"];

/** What agents may do for somebody who may do it: all but judging changes and releases, which is for people. */
export const ACTIONS_OF_AGENTS: readonly Action[] = ACTION_NAMES.filter((action) => !ofPeople.includes(action));

/** A custom role as people send it. It cannot take the key of a built-in one. */
export const customRoleSchema = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, "A role's key has small letters, digits and hyphens, at most 63.")
    .refine((key) => !findBuiltInRole(key), "A built-in role has that key. Choose another."),
  name: z.string().trim().min(1).max(100),
  actions: z.array(actionSchema).max(ACTION_NAMES.length),
});
