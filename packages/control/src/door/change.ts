import type { Model, Prisma, Transaction } from "@telltale/db";
import type { Changed } from "@telltale/ruleset";
import type { ActorRecord, Standing } from "./actor.ts";
import type { Bound, CommandData } from "./command.ts";
import { notFound } from "./error.ts";
import type { OpenedProject } from "./open.ts";
import type { Approval, Need } from "./policy.ts";

/** One line of the audit trail. */
export interface AuditEntry {
  object:
    | "flag"
    | "segment"
    | "release"
    | "experiment"
    | "metric"
    | "layer"
    | "holdout"
    | "sdk-key"
    | "project"
    | "environment"
    | "organisation"
    | "member"
    | "team"
    | "role"
    | "token"
    | "change";
  objectKey: string;
  /** Id of the project that it is about, where the command is one of the organisation. */
  projectId?: string;
  environment?: string;
  /** The verb, where it is not the command's own. */
  action?: string;
  sentence: string;
  comment?: string;
  /** What it was and what it became. */
  detail?: Prisma.InputJsonValue;
}

/** An audit line with where it belongs. */
export interface AuditLine extends Omit<AuditEntry, "projectId"> {
  projectId: string | null;
  command: string;
}

/**
 * What a change is to policies, from what they ask least of: a rollback is never held back; what only takes away, such
 * as switching off, passes where a policy lets it; a step of a release that was let start waits for freezes alone.
 */
export const NATURES = ["rollback", "safe", "planned", "ordinary"] as const;
export type Nature = (typeof NATURES)[number];

/** What changed of what an environment serves. */
export interface Touched {
  changed: Changed;
  /** What is served otherwise: what changed, unless the command says more. */
  reached: Changed;
  /** Of all of it: that of which most is asked. */
  nature: Nature;
}

/** What one commit has done so far. */
export interface Journal {
  lines: AuditLine[];
  /** By environment. */
  touched: Map<string, Touched>;
  /** Why it is done, for all of it. */
  comment: string;
  /** Who approved it. */
  approvals: Approval[];
  /** Why policies are passed by this once; null where they are not. */
  emergency: string | null;
}

/** What commands would do. */
export interface Rehearsal {
  lines: readonly AuditLine[];
  /** Ids of environments that would be published. */
  environments: string[];
  inverse: CommandData[] | null;
  journal: Journal;
}

/** What a command on an organisation may use while the door is open. */
export interface OrganisationChange {
  tx: Transaction;
  organisation: Model.Organisation;
  /** The actor, as the door knows them. */
  actor: ActorRecord;
  /** What they may do in the organisation. */
  standing: Standing;
  /** Writes an audit line; every change has at least one. */
  audit(entry: AuditEntry): void;
  /** Runs other commands inside this one, each with its own permission. @returns what undoes them */
  run(commands: readonly Bound[]): Promise<{ outputs: unknown[]; inverse: CommandData[] | null }>;
  /** Does commands and takes them back: says what they would do, and leaves nothing behind. */
  rehearse(commands: readonly Bound[]): Promise<Rehearsal>;
  /** What policies ask for before it may be done, with these approvals. */
  needs(rehearsal: Rehearsal, approvals: Approval[]): Promise<Need[]>;
  /** What was done so far, by this and the commands inside it. */
  journal: Journal;
}

/** What a command on something of a project may use. */
export interface ProjectChange extends OrganisationChange {
  /** The project's address, as inputs name it. */
  address: string;
  project: OpenedProject;
  /**
   * Marks an environment as changed: its rulesets are compiled and published when the commit is done.
   * `nature`: ordinary unless given. `reached`: what is served otherwise where nothing is to be compiled for it, as
   * behind keys that are refused; what changed unless given.
   */
  touch(environmentId: string, changed: Changed, nature?: Nature, reached?: Changed): void;
}

/**
 * Makes changes of any environment of the project wait until this one is done: who adds a prerequisite or starts an
 * experiment meanwhile is checked against what is decided here.
 */
export async function lockEnvironments({ tx, project }: Pick<ProjectChange, "tx" | "project">): Promise<void> {
  await tx.$queryRaw`select 1 from environment where "projectId" = ${project.id} order by id for update`;
}

/** The environment of that key. @throws ControlError NOT_FOUND */
export function findEnvironment(project: { environments: Model.Environment[] }, key: string): Model.Environment {
  const environment = project.environments.find((candidate) => candidate.key === key);
  if (!environment) throw notFound("environment", key);
  return environment;
}
