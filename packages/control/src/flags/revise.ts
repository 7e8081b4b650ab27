import { isSameConfiguration } from "@telltale/configuration";
import type { Model, Prisma } from "@telltale/db";
import { type FlagConfiguration, visibilityOf } from "@telltale/ruleset";
import { actorName } from "../door/actor.ts";
import { type Change, environmentOf } from "../door/commit.ts";
import { ControlError, invalid, type NewerRevision, notFound } from "../door/error.ts";
import { logInterruptions } from "../experiments/running/interruptions.ts";
import { checkConfiguration, type OtherFlag } from "./check.ts";
import { describeChange, NOTHING_CHANGED } from "./sentence.ts";

/** What is asked of a flag in an environment. */
export interface Revise {
  flag: string;
  environment: string;
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
  expectedRevision: number;
  comment?: string | undefined;
  action: string;
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
export async function revise(change: Change, input: Revise): Promise<Revised> {
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
  if (current.revision !== input.expectedRevision) throw await conflict(change, flag.id, environment.id);
  const before = current.config as unknown as FlagConfiguration;
  const after = input.next(before);
  if (isSameConfiguration(before, after)) return { revision: current.revision, sentence: NOTHING_CHANGED };
  const sentence = `${input.prefix ?? ""}${describeChange(before, after)}`;
  if (!input.isSafe) {
    const problems = checkConfiguration(flag.key, after, await references(change, flag, environment.id));
    if (problems.length > 0) throw invalid(problems);
  }
  const revision = current.revision + 1;
  const config = after as unknown as Prisma.InputJsonObject;
  const claimed = await tx.flagConfig.updateMany({
    where: { flagId: flag.id, environmentId: environment.id, revision: current.revision },
    data: { revision, config, updatedAt: new Date() },
  });
  if (claimed.count === 0) throw await conflict(change, flag.id, environment.id);
  await record(change, input, { flag, environment, revision, before, after, sentence });
  await logInterruptions(change, { flag: flag.key, environment, before, after, sentence });
  change.touch(environment.id);
  return { revision, sentence };
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
  const config = made.after as unknown as Prisma.InputJsonObject;
  const row = { flagId: flag.id, environmentId: environment.id, revision, config, sentence, comment };
  await change.tx.flagRevision.create({ data: { ...row, actor: { ...change.actor } } });
  change.audit({
    object: "flag",
    objectKey: flag.key,
    environment: environment.key,
    action: input.action,
    sentence,
    comment,
    detail: { revision, before: made.before as unknown as Prisma.InputJsonObject, after: config },
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
    const { prerequisites = [] } = config as unknown as FlagConfiguration;
    return { flag, environment, prerequisites };
  });
}

async function references(change: Change, flag: Awaited<ReturnType<typeof findFlag>>, environmentId: string) {
  const segments = await change.tx.segment.findMany({ where: { projectId: change.project.id }, select: { key: true } });
  const experiments = await change.tx.experiment.findMany({
    where: { flagId: flag.id, environmentId, status: "running" },
    select: { key: true },
  });
  const configs = await change.tx.flagConfig.findMany({
    where: { environmentId, flag: { archivedAt: null } },
    include: { flag: { include: { variants: true } } },
  });
  return {
    flags: new Map(configs.map(({ flag: other, config }) => [other.key, otherFlag(other, config)])),
    variants: new Set(flag.variants.map((variant) => variant.key)),
    segments: new Set(segments.map((segment) => segment.key)),
    experiments: new Set(experiments.map((experiment) => experiment.key)),
  };
}

function otherFlag(
  flag: Parameters<typeof visibilityOf>[0] & { variants: { key: string }[] },
  config: Prisma.JsonValue,
): OtherFlag {
  const { prerequisites = [] } = config as unknown as FlagConfiguration;
  return {
    variants: new Set(flag.variants.map(({ key }) => key)),
    visibility: visibilityOf(flag),
    prerequisites: prerequisites.map((one) => one.flag),
  };
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
