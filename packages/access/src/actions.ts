import { z } from "zod";
import type { ScopeKind } from "./scope.ts";

interface ActionDefinition {
  /** What it is, for people: completes "to …". */
  phrase: string;
  /** The narrowest kind of scope that it is decided on. */
  on: ScopeKind;
}

const organisation = (phrase: string) => ({ phrase, on: "organisation" }) as const satisfies ActionDefinition;
const project = (phrase: string) => ({ phrase, on: "project" }) as const satisfies ActionDefinition;
const environment = (phrase: string) => ({ phrase, on: "environment" }) as const satisfies ActionDefinition;

/**
 * Everything that somebody may or may not do: a closed list. What an environment serves changes with
 * `environment.publish` there, besides the action itself: who edits a flag without it proposes a change.
 */
export const ACTIONS = {
  "project.read": project("look at the project"),
  "project.create": organisation("create a project"),
  "project.update": project("change the project's name and settings"),
  "project.archive": organisation("archive a project"),
  "environment.create": project("create an environment"),
  "environment.update": environment("change the environment's name and settings"),
  "environment.archive": project("archive an environment"),
  "environment.publish": environment("publish"),
  "flag.create": project("create a flag"),
  "flag.update": environment("change a flag"),
  "flag.archive": project("archive a flag"),
  "segment.create": project("create a segment"),
  "segment.update": project("change a segment"),
  "segment.archive": project("archive a segment"),
  "release.create": environment("plan a release"),
  "release.start": environment("start a release"),
  "release.advance": environment("pause, resume and advance a release"),
  "release.approve": environment("approve a step of a release"),
  "release.rollback": environment("roll back a release"),
  "experiment.create": environment("plan an experiment"),
  "experiment.update": environment("change an experiment"),
  "experiment.start": environment("start an experiment"),
  "experiment.stop": environment("stop an experiment"),
  "experiment.decide": environment("decide an experiment"),
  "metric.create": project("create a metric"),
  "metric.update": project("change a metric"),
  "metric.archive": project("archive a metric"),
  "layer.create": project("create a layer"),
  "layer.update": project("change a layer"),
  "holdout.create": project("create a holdout"),
  "holdout.end": project("end a holdout"),
  "snapshot.recompute": environment("ask for a new analysis"),
  "statistics.update": organisation("change the statistical settings"),
  "key.create": environment("create an SDK key"),
  "key.revoke": environment("revoke an SDK key"),
  "change.create": project("propose a change"),
  "change.review": project("review a change"),
  "change.approve": environment("approve a change"),
  "change.schedule": environment("schedule a change"),
  "change.apply": environment("apply an approved change"),
  "change.bypass": environment("bypass approvals in an emergency"),
  "policy.manage": project("change policies"),
  "member.manage": organisation("add and remove people, and give roles"),
  "role.manage": organisation("change custom roles"),
  "team.manage": organisation("change teams"),
  "token.create": organisation("create a service token"),
  "token.revoke": organisation("revoke somebody's token"),
  "organisation.update": organisation("change the organisation's name and settings"),
  "audit.read": project("read the audit trail"),
  "audit.export": organisation("export the audit trail"),
} as const satisfies Record<string, ActionDefinition>;

/** The name of something that somebody may do. */
export type Action = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as Action[];

export const actionSchema = z.enum(ACTION_NAMES);

/** The actions of a stored list. Names that this release does not know allow nothing, so they are left out. */
export function readActions(stored: readonly string[]): Action[] {
  return stored.filter((name): name is Action => actionSchema.safeParse(name).success);
}
