import {
  checkConfiguration,
  configurationSchema,
  describeFlagChange,
  diffFlag,
  type FlagConfiguration,
  type FlagInstruction,
  NOTHING_CHANGED,
  readConfiguration,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { findEnvironment, type Nature, type ProjectChange } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { logInterruptions } from "../experiments/running/interruptions.ts";
import { refuseGrowth } from "../growth.ts";
import { pauseDisturbed } from "../releases/disturb.ts";
import { conflict, rebaseChange } from "./rebase-change.ts";
import { readReferences } from "./references.ts";

/** A requested change of a flag in an environment. */
export interface Revise {
  flag: string;
  environment: string;
  /** The revision the caller has seen. Left out: the newest. */
  expectedRevision?: number | undefined;
  /**
   * Where there is a newer one: whether the change is put on top of it, if both can stand side by side. Otherwise it is
   * a CONFLICT, and nothing is lost.
   */
  isRebased?: boolean;
  comment?: string | undefined;
  /** The verb in the audit trail, where it is not the command's own. */
  action?: string;
  /** Makes the next configuration from the one that the caller has seen. */
  next(config: FlagConfiguration): FlagConfiguration;
  /** Overrides the computed sentence's beginning, e.g. "Reverted to revision 3: ". */
  prefix?: string;
  /** Made by the release that owns the flag here, and so no edit of others. */
  isOfRelease?: boolean;
  /** Ordinary unless given. What takes away, and a rollback, is never refused for the state of something else. */
  nature?: Nature;
}

export interface Revised {
  revision: number;
  sentence: string;
  /** The newer revision that the change was put on top of; absent where the caller had seen the newest. */
  onTopOf?: number | undefined;
}

/**
 * Writes the next revision of a flag in an environment: the middle of the door for all flag changes.
 * A change that changes nothing writes nothing and answers the present revision.
 */
export async function revise(change: ProjectChange, input: Revise): Promise<Applied<Revised>> {
  const { tx, project } = change;
  const environment = findEnvironment(project, input.environment);
  // Changes of an environment wait for one another here, so that two of them cannot close a circle of prerequisites, and
  // none goes on with a flag that is archived meanwhile: everything is read behind this line.
  const locked = await tx.$queryRaw<unknown[]>`
    select 1 from environment e join project p on p.id = e."projectId"
     where e.id = ${environment.id} and e."archivedAt" is null and p."archivedAt" is null for update of e`;
  if (locked.length === 0) throw notFound("environment", input.environment);
  const flag = await findFlag(change, input.flag);
  const isSafe = input.nature === "safe" || input.nature === "rollback";
  if (flag.archivedAt && !isSafe) throw archived(flag.key);
  const where = { flagId_environmentId: { flagId: flag.id, environmentId: environment.id } };
  const current = await tx.flagConfig.findUniqueOrThrow({ where });
  const before = readConfiguration(current.config);
  const { after, onTop } = await rebaseChange(change, current, input);
  const instructions = diffFlag(before, after);
  if (instructions.length === 0) {
    return { output: { revision: current.revision, sentence: NOTHING_CHANGED, ...onTop }, inverse: [] };
  }
  const sentence = `${input.prefix ?? ""}${describeFlagChange(before, after)}`;
  if (!isSafe) {
    const problems = checkConfiguration(
      flag.key,
      after,
      await readReferences(change, { flag, environmentId: environment.id, config: after }),
    );
    if (problems.length > 0) throw invalid(problems);
    refuseGrowth(configurationSchema, before, after);
  }
  const revision = current.revision + 1;
  const claimed = await tx.flagConfig.updateMany({
    where: { flagId: flag.id, environmentId: environment.id, revision: current.revision },
    data: { revision, config: after, updatedAt: new Date() },
  });
  if (claimed.count === 0) throw await conflict(change, current);
  await record(change, input, { flag, environment, revision, before, after, sentence, instructions });
  await logInterruptions(change, { flag: flag.key, environment, before, after, sentence });
  change.touch(environment.id, { flags: [flag.key] }, input.nature);
  // Behind it, so that the log knows the version that serves the edit.
  if (!input.isOfRelease) await pauseDisturbed(change, { flag, environment, before, after, sentence });
  const address = { project: change.address, flag: flag.key, environment: environment.key };
  const undo = { ...address, instructions: diffFlag(after, before), expectedRevision: revision };
  return { output: { revision, sentence, ...onTop }, inverse: [{ name: "flag.update", input: undo }] };
}

/** Writes the revision and the audit line. */
async function record(
  change: ProjectChange,
  input: Revise,
  made: {
    flag: Model.Flag;
    environment: Model.Environment;
    revision: number;
    before: FlagConfiguration;
    after: FlagConfiguration;
    sentence: string;
    instructions: FlagInstruction[];
  },
): Promise<void> {
  const { flag, environment, revision, sentence, before, after, instructions } = made;
  const comment = input.comment ?? "";
  const row = { flagId: flag.id, environmentId: environment.id, revision, config: after, sentence, comment };
  await change.tx.flagRevision.create({ data: { ...row, actor: { ...change.actor } } });
  change.audit({
    object: "flag",
    objectKey: flag.key,
    environment: environment.key,
    ...(input.action ? { action: input.action } : {}),
    sentence,
    comment,
    detail: { revision, before, after, instructions },
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
export async function findFlag(change: Pick<ProjectChange, "tx" | "project">, key: string) {
  const flag = await change.tx.flag.findUnique({
    where: { projectId_key: { projectId: change.project.id, key } },
    include: { variants: { orderBy: { position: "asc" } } },
  });
  if (!flag) throw notFound("flag", key);
  return flag;
}

/** What the project's flags that are not archived are served, everywhere: by flag, then by environment. */
export async function allConfigurations({ tx, project }: Pick<ProjectChange, "tx" | "project">) {
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
