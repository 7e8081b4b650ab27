import {
  checkConfiguration,
  describeFlagChange,
  type FlagConfiguration,
  isSameConfiguration,
  NOTHING_CHANGED,
  readConfiguration,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { actorName } from "../door/actor.ts";
import { type Change, environmentOf } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { ControlError, invalid, type NewerRevision, notFound } from "../door/error.ts";
import { logInterruptions } from "../experiments/running/interruptions.ts";
import { readReferences } from "./references.ts";

/** What is asked of a flag in an environment. */
export interface Revise {
  flag: string;
  environment: string;
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. Left out: the newest. */
  expectedRevision?: number | undefined;
  comment?: string | undefined;
  /** The verb in the audit trail, where it is not the command's own. */
  action?: string;
  /** Makes the next configuration from the present one. */
  next(config: FlagConfiguration): FlagConfiguration;
  /** Overrides the computed sentence's beginning, e.g. "Reverted to revision 3: ". */
  prefix?: string;
  /** An act that only takes away, such as switching off: it is never refused for the state of something else. */
  isSafe?: boolean;
}

export interface Revised {
  revision: number;
  sentence: string;
}

/**
 * Writes the next revision of a flag in an environment: the middle of the door for all flag changes.
 * A change that changes nothing writes nothing and answers the present revision.
 */
export async function revise(change: Change, input: Revise): Promise<Applied<Revised>> {
  const { tx, project } = change;
  const environment = environmentOf(project, input.environment);
  // Changes of an environment wait for one another here, so that two of them cannot close a circle of prerequisites, and
  // none goes on with a flag that is archived meanwhile: everything is read behind this line.
  const locked = await tx.$queryRaw<unknown[]>`
    select 1 from environment where id = ${environment.id} and "archivedAt" is null for update`;
  if (locked.length === 0) throw notFound("environment", input.environment);
  const flag = await findFlag(change, input.flag);
  if (flag.archivedAt && !input.isSafe) throw archived(flag.key);
  const where = { flagId_environmentId: { flagId: flag.id, environmentId: environment.id } };
  const current = await tx.flagConfig.findUniqueOrThrow({ where });
  if (input.expectedRevision !== undefined && current.revision !== input.expectedRevision)
    throw await conflict(change, flag.id, environment.id);
  const before = readConfiguration(current.config);
  const after = input.next(before);
  if (isSameConfiguration(before, after)) {
    return { output: { revision: current.revision, sentence: NOTHING_CHANGED }, inverse: [] };
  }
  const sentence = `${input.prefix ?? ""}${describeFlagChange(before, after)}`;
  if (!input.isSafe) {
    const problems = checkConfiguration(
      flag.key,
      after,
      await readReferences(change, { flag, environmentId: environment.id, config: after }),
    );
    if (problems.length > 0) throw invalid(problems);
  }
  const revision = current.revision + 1;
  const config = after;
  const claimed = await tx.flagConfig.updateMany({
    where: { flagId: flag.id, environmentId: environment.id, revision: current.revision },
    data: { revision, config, updatedAt: new Date() },
  });
  if (claimed.count === 0) throw await conflict(change, flag.id, environment.id);
  await record(change, input, { flag, environment, revision, before, after, sentence });
  await logInterruptions(change, { flag: flag.key, environment, before, after, sentence });
  change.touch(environment.id, { flags: [flag.key] }, input.isSafe);
  const address = { project: change.address, flag: flag.key, environment: environment.key };
  const undo = { ...address, toRevision: current.revision, expectedRevision: revision };
  return { output: { revision, sentence }, inverse: [{ name: "flag.revert", input: undo }] };
}

/** Writes the revision and the audit line. */
async function record(
  change: Change,
  input: Revise,
  made: {
    flag: Model.Flag;
    environment: Model.Environment;
    revision: number;
    before: FlagConfiguration;
    after: FlagConfiguration;
    sentence: string;
  },
): Promise<void> {
  const { flag, environment, revision, sentence } = made;
  const comment = input.comment ?? "";
  const config = made.after;
  const row = { flagId: flag.id, environmentId: environment.id, revision, config, sentence, comment };
  await change.tx.flagRevision.create({ data: { ...row, actor: { ...change.actor } } });
  change.audit({
    object: "flag",
    objectKey: flag.key,
    environment: environment.key,
    ...(input.action ? { action: input.action } : {}),
    sentence,
    comment,
    detail: { revision, before: made.before, after: config },
  });
}

/** Why an archived flag cannot be changed. */
export function archived(key: string): ControlError {
  return new ControlError(
    "INVALID",
    `"${key}" is archived and can no longer be changed. Create a flag with another key.`,
  );
}

/** The flag with its variants. @throws ControlError NOT_FOUND */
export async function findFlag(change: Pick<Change, "tx" | "project">, key: string) {
  const flag = await change.tx.flag.findUnique({
    where: { projectId_key: { projectId: change.project.id, key } },
    include: { variants: { orderBy: { position: "asc" } } },
  });
  if (!flag) throw notFound("flag", key);
  return flag;
}

/** What the project's flags that are not archived are served, everywhere: by flag, then by environment. */
export async function allConfigurations({ tx, project }: Pick<Change, "tx" | "project">) {
  const configs = await tx.flagConfig.findMany({
    where: { flag: { projectId: project.id, archivedAt: null } },
    include: { flag: true, environment: true },
    orderBy: [{ flag: { key: "asc" } }, { environment: { position: "asc" } }],
  });
  return configs.map(({ flag, environment, config }) => {
    const { prerequisites = [] } = readConfiguration(config);
    return { flag, environment, prerequisites };
  });
}

async function conflict(change: Change, flagId: string, environmentId: string): Promise<ControlError> {
  const newest = await change.tx.flagRevision.findFirstOrThrow({
    where: { flagId, environmentId },
    orderBy: { revision: "desc" },
  });
  const detail: NewerRevision = {
    revision: newest.revision,
    config: newest.config,
    sentence: newest.sentence,
    actorName: actorName(newest.actor),
    at: newest.createdAt,
  };
  const message = `${detail.actorName} changed this flag meanwhile (revision ${detail.revision}): ${detail.sentence} Look at it, then publish your change on top of it.`;
  return new ControlError("CONFLICT", message, detail);
}
