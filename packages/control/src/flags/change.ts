import {
  applyToFlag,
  type ConfigCondition,
  configurationSchema,
  type FlagInstruction,
  flagInstructionsSchema,
  readConfiguration,
} from "@telltale/configuration";
import { OWNING } from "@telltale/release";
import { z } from "zod";
import { findEnvironment, lockEnvironments, type ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { invalid, notFound } from "../door/error.ts";
import { flagChange, inFlag, onlyKey, revised, revision } from "../shapes.ts";
import { vetPatterns } from "./patterns.ts";
import { allConfigurations, findFlag, revise } from "./revise.ts";

export const switchFlag = defineCommand({
  name: "flag.switch",
  describe: "Turns a flag on or off in an environment.",
  // Where it is on or off says all: it needs no revision, and then it is done whatever else has changed.
  input: flagChange.extend({ on: z.boolean(), expectedRevision: revision.optional() }),
  output: revised,
  action: "flag.update",
  apply: (change, input) =>
    revise(change, {
      ...input,
      nature: input.on ? "ordinary" : "safe",
      next: (config) => ({ ...config, on: input.on }),
    }),
});

export const configureFlag = defineCommand({
  name: "flag.configure",
  describe: "Makes a flag's configuration in an environment of the one that was seen: rules, rollout, targets.",
  input: flagChange.extend({ config: configurationSchema }),
  output: revised,
  action: "flag.update",
  prepare: ({ config }) => vetPatterns(config.rules.flatMap((rule) => rule.when)),
  apply: (change, input) => revise(change, { ...input, isRebased: true, next: () => input.config }),
});

export const updateFlag = defineCommand({
  name: "flag.update",
  describe: "Follows instructions on a flag's configuration in an environment; what they do not name stays.",
  // Instructions say what they mean whatever else has changed; with a revision, they must still mean it.
  input: flagChange.extend({ instructions: flagInstructionsSchema, expectedRevision: revision.optional() }),
  output: revised,
  action: "flag.update",
  prepare: ({ instructions }) => vetPatterns(instructions.flatMap(conditionsIn)),
  apply: (change, input) =>
    revise(change, {
      ...input,
      isRebased: true,
      nature: input.instructions.every(({ kind }) => kind === "turnOff") ? "safe" : "ordinary",
      next: (config) => {
        const { configuration, problems } = applyToFlag(config, input.instructions);
        if (problems.length > 0) throw invalid(problems.map(({ sentence }) => sentence));
        return configuration;
      },
    }),
});

function conditionsIn(instruction: FlagInstruction): readonly ConfigCondition[] {
  if (instruction.kind === "addRule") return instruction.rule.when;
  return instruction.kind === "setConditions" ? instruction.when : [];
}

export const revertFlag = defineCommand({
  name: "flag.revert",
  describe: "Restores an earlier revision of a flag in an environment as a new one: undo and revert are the same act.",
  input: flagChange.extend({ toRevision: revision }),
  output: revised,
  action: "flag.update",
  async apply(change, input) {
    const flag = await findFlag(change, input.flag);
    const environment = findEnvironment(change.project, input.environment);
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
    const config = readConfiguration(target.config);
    // An older release may have let a pattern in that this one does not: it must not come back.
    await vetPatterns(config.rules.flatMap((rule) => rule.when));
    return revise(change, {
      ...input,
      prefix: `Reverted to revision ${input.toRevision}: `,
      next: () => config,
    });
  },
});

/** Refused where something depends on the flag, naming all of it. */
export const archiveFlag = defineCommand({
  name: "flag.archive",
  describe: "Archives a flag in all environments: SDKs answer the caller's default and say so.",
  input: inFlag,
  output: onlyKey,
  action: "flag.archive",
  isReversible: false,
  async apply(change, input) {
    await lockEnvironments(change);
    const flag = await findFlag(change, input.flag);
    if (flag.archivedAt) return { output: { key: flag.key } };
    const problems = [
      ...(await dependingFlags(change, flag.key)),
      ...(await runningExperiments(change, flag)),
      ...(await runningReleases(change, flag)),
    ];
    if (problems.length > 0) throw invalid(problems);
    await change.tx.flag.update({ where: { id: flag.id }, data: { archivedAt: new Date() } });
    change.audit({ object: "flag", objectKey: flag.key, sentence: "Archived in all environments." });
    for (const environment of change.project.environments) change.touch(environment.id, { flags: [flag.key] });
    return { output: { key: flag.key } };
  },
});

/** Flags that ask for this one, in a sentence. */
async function dependingFlags(change: ProjectChange, key: string): Promise<string[]> {
  const depending = (await allConfigurations(change))
    .filter(({ prerequisites }) => prerequisites.some((one) => one.flag === key))
    .map(({ flag, environment }) => `${flag.key} (${environment.name})`);
  if (depending.length === 0) return [];
  return [
    `"${key}" is a prerequisite of ${depending.join(", ")}: archived, it would turn them off. Take it away there first.`,
  ];
}

/** Releases that own this flag somewhere, in a sentence. */
async function runningReleases(
  { tx }: ProjectChange,
  { id: flagId, key }: { id: string; key: string },
): Promise<string[]> {
  const running = await tx.release.findMany({
    where: { flagId, status: { in: [...OWNING] } },
    include: { environment: true },
    orderBy: { number: "asc" },
  });
  if (running.length === 0) return [];
  const names = running.map(({ number, environment }) => `${number} (${environment.name})`).join(", ");
  return [`"${key}" is being released: ${names}. Cancel those releases, or roll them back first.`];
}

/** Experiments that run on this flag, in a sentence. */
async function runningExperiments(
  { tx }: ProjectChange,
  { id: flagId, key }: { id: string; key: string },
): Promise<string[]> {
  const running = await tx.experiment.findMany({
    where: { flagId, status: "running" },
    include: { environment: true },
    orderBy: { key: "asc" },
  });
  if (running.length === 0) return [];
  const names = running.map((experiment) => `${experiment.key} (${experiment.environment.name})`).join(", ");
  return [`Experiments run on "${key}": ${names}. Archived, nobody would meet their variants. Stop them first.`];
}
