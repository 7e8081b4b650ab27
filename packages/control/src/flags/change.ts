import type { Database } from "@telltale/db";
import type { FlagConfiguration } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { type Change, commit, environmentOf, lockEnvironments } from "../door/commit.ts";
import { invalid, notFound } from "../door/error.ts";
import { vetPatterns } from "./patterns.ts";
import { allConfigurations, findFlag, type Revised, revise } from "./revise.ts";

/** Which flag, where, and the revision the caller has seen. */
export interface FlagAddress {
  project: string;
  flag: string;
  environment: string;
  expectedRevision: number;
  comment?: string | undefined;
}

/** Turns a flag on or off in an environment. */
export function switchFlag(database: Database, actor: Actor, input: FlagAddress & { on: boolean }): Promise<Revised> {
  return commit(database, actor, input.project, (change) =>
    revise(change, {
      ...input,
      action: "switch",
      isSafe: !input.on,
      next: (config) => ({ ...config, on: input.on }),
    }),
  );
}

/** Replaces a flag's configuration in an environment: rules, rollout, targets. */
export async function configureFlag(
  database: Database,
  actor: Actor,
  input: FlagAddress & { config: FlagConfiguration },
): Promise<Revised> {
  await vetPatterns(input.config.rules.flatMap((rule) => rule.when));
  return commit(database, actor, input.project, (change) =>
    revise(change, { ...input, action: "configure", next: () => input.config }),
  );
}

/** Restores an earlier revision as a new one: undo and revert are the same act. */
export function revertFlag(
  database: Database,
  actor: Actor,
  input: FlagAddress & { toRevision: number },
): Promise<Revised> {
  return commit(database, actor, input.project, async (change) => {
    const flag = await findFlag(change, input.flag);
    const environment = environmentOf(change.project, input.environment);
    const target = await change.tx.flagRevision.findUnique({
      where: {
        flagId_environmentId_revision: {
          flagId: flag.id,
          environmentId: environment.id,
          revision: input.toRevision,
        },
      },
    });
    if (!target) throw notFound("revision", String(input.toRevision));
    const config = target.config as unknown as FlagConfiguration;
    // An older release may have let a pattern in that this one does not: it must not come back.
    await vetPatterns(config.rules.flatMap((rule) => rule.when));
    return revise(change, {
      ...input,
      action: "revert",
      prefix: `Reverted to revision ${input.toRevision}: `,
      next: () => config,
    });
  });
}

/**
 * Archives a flag in all environments: SDKs answer the caller's default and say so.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID naming all that depends on it
 */
export function archiveFlag(database: Database, actor: Actor, input: { project: string; flag: string }) {
  return commit(database, actor, input.project, async (change) => {
    await lockEnvironments(change);
    const flag = await findFlag(change, input.flag);
    if (flag.archivedAt) return { key: flag.key };
    const problems = [...(await dependingFlags(change, flag.key)), ...(await runningExperiments(change, flag))];
    if (problems.length > 0) throw invalid(problems);
    await change.tx.flag.update({ where: { id: flag.id }, data: { archivedAt: new Date() } });
    change.audit({ object: "flag", objectKey: flag.key, action: "archive", sentence: "Archived in all environments." });
    for (const environment of change.project.environments) change.touch(environment.id);
    return { key: flag.key };
  });
}

/** Flags that ask for this one, in a sentence. */
async function dependingFlags(change: Change, key: string): Promise<string[]> {
  const depending = (await allConfigurations(change))
    .filter(({ prerequisites }) => prerequisites.some((one) => one.flag === key))
    .map(({ flag, environment }) => `${flag.key} (${environment.name})`);
  if (depending.length === 0) return [];
  return [
    `"${key}" is a prerequisite of ${depending.join(", ")}: archived, it would turn them off. Take it away there first.`,
  ];
}

/** Experiments that run on this flag, in a sentence. */
async function runningExperiments({ tx }: Change, { id: flagId, key }: { id: string; key: string }): Promise<string[]> {
  const running = await tx.experiment.findMany({
    where: { flagId, status: "running" },
    include: { environment: true },
    orderBy: { key: "asc" },
  });
  if (running.length === 0) return [];
  const names = running.map((experiment) => `${experiment.key} (${experiment.environment.name})`).join(", ");
  return [`Experiments run on "${key}": ${names}. Archived, nobody would meet their variants. Stop them first.`];
}
