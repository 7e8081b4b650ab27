import { type FlagConfiguration, isSame, readConfiguration } from "@telltale/configuration";
import type { Database, Model } from "@telltale/db";
import type { ProjectChange } from "../../door/change.ts";

/** The action of an audit line that says that the flag of a running experiment changed under it. */
const ACTION = "flag-changed";

/** A flag's change in an environment. */
export interface FlagChange {
  flag: string;
  environment: Model.Environment;
  before: FlagConfiguration;
  after: FlagConfiguration;
  /** The change in words. */
  sentence: string;
}

/**
 * Writes into the decision log of each running experiment that this change of a flag assigns otherwise, or nobody: its
 * results are no longer those of the plan alone.
 */
export async function logInterruptions(change: ProjectChange, made: FlagChange): Promise<void> {
  const running = await change.tx.experiment.findMany({
    where: { environmentId: made.environment.id, status: "running" },
    include: { flag: { include: { configs: { where: { environmentId: made.environment.id } } } } },
    orderBy: { key: "asc" },
  });
  for (const { key, flag } of running) {
    const [current] = flag.configs;
    const sentence =
      flag.key === made.flag
        ? describeInterruption(made, key)
        : describeLock(made, flag.key, current && readConfiguration(current.config));
    if (sentence === undefined) continue;
    const line = { object: "experiment", objectKey: key, environment: made.environment.key } as const;
    change.audit({ ...line, action: ACTION, sentence });
  }
}

/** What the change of its own flag does to an experiment; undefined when it assigns as before. */
function describeInterruption(made: FlagChange, experiment: string): string | undefined {
  const { flag, environment, before, after, sentence } = made;
  const [was, is] = [assignmentOf(before, experiment), assignmentOf(after, experiment)];
  if (was === undefined || isSame(was, is)) return undefined;
  if (!after.on) return `${flag} was turned off in ${environment.name}: nobody is assigned while it is off.`;
  if (!before.on) return `${flag} was turned on again in ${environment.name}: people are assigned again.`;
  if (is === undefined) return `Its rule left ${flag} in ${environment.name}: nobody is assigned any more.`;
  return `${flag} changed in ${environment.name}, and with it who is assigned: ${sentence}`;
}

/** All of a configuration that decides whom an experiment assigns; undefined when it has no rule there. */
function assignmentOf({ on, prerequisites = [], targets, rules }: FlagConfiguration, experiment: string): unknown {
  const at = rules.findIndex(({ serve }) => "split" in serve && serve.split.experiment === experiment);
  if (at === -1) return undefined;
  return on ? { prerequisites, targets, rules: rules.slice(0, at + 1) } : "off";
}

/** What the switch of a prerequisite does to an experiment's flag; undefined when it is none, or was not switched. */
function describeLock(made: FlagChange, locked: string, config: FlagConfiguration | undefined): string | undefined {
  const { flag, environment, before, after } = made;
  const isAsked = config?.prerequisites?.some((prerequisite) => prerequisite.flag === flag) ?? false;
  if (!isAsked || before.on === after.on) return undefined;
  return `${flag}, a prerequisite of ${locked}, was turned ${after.on ? "on" : "off"} in ${environment.name}.`;
}

/** What happened to the flag while an experiment ran, oldest first: the lines of its decision log that say so. */
export async function readInterruptions(database: Database, projectId: string, experiment: string) {
  const lines = await database.auditEvent.findMany({
    where: { projectId, object: "experiment", objectKey: experiment, action: ACTION },
    orderBy: { id: "asc" },
    take: 50,
  });
  return lines.map(({ sentence, createdAt }) => ({ sentence, at: createdAt }));
}
