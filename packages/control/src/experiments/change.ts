import { type Database, type Model, newId } from "@telltale/db";
import type { ConfigRule, FlagConfiguration } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { type Change, commit, environmentOf } from "../door/commit.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { findFlag, revise } from "../flags/revise.ts";
import { percent } from "../flags/sentence.ts";
import { type Arm, readArms } from "./arms.ts";
import { slotOf } from "./layers.ts";
import { type Slot, takeSlot } from "./slots.ts";

export interface NewExperiment {
  project: string;
  key: string;
  name: string;
  hypothesis?: string | undefined;
  flag: string;
  environment: string;
  /** Control first. */
  arms: Arm[];
  /** Parts of 100,000 of the traffic that take part (default: all). */
  share?: number | undefined;
  /** Key of a layer: the experiment takes its unit, and a slot as wide as the share when it starts. */
  layer?: string | undefined;
  metrics: { key: string; role: "primary" | "secondary" | "guardrail" }[];
}

/** Plans an experiment on a flag in an environment; nothing is served differently until it starts. */
export function createExperiment(database: Database, actor: Actor, input: NewExperiment): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { tx, project } = change;
    const environment = environmentOf(project, input.environment);
    const flag = await findFlag(change, input.flag);
    const metrics = await tx.metric.findMany({
      where: { projectId: project.id, key: { in: input.metrics.map((metric) => metric.key) } },
    });
    const layer = await findLayer(change, input.layer);
    const problems = checkPlan(input, flag, metrics);
    if (problems.length > 0) throw invalid(problems);
    const taken = await tx.experiment.findUnique({
      where: { projectId_key: { projectId: project.id, key: input.key } },
    });
    if (taken) throw new ControlError("EXISTS", `There is an experiment "${input.key}" already. Choose another key.`);
    const ids = new Map(metrics.map((metric) => [metric.key, metric.id]));
    await tx.experiment.create({
      data: {
        id: newId(),
        projectId: project.id,
        environmentId: environment.id,
        flagId: flag.id,
        key: input.key,
        name: input.name,
        hypothesis: input.hypothesis ?? "",
        arms: input.arms.map((arm) => ({ ...arm })),
        share: input.share ?? 100_000,
        ...(layer ? { layerId: layer.id, unit: layer.unit } : {}),
        metrics: {
          create: input.metrics.map(({ key, role }, position) => ({ metricId: ids.get(key) ?? "", role, position })),
        },
      },
    });
    const sentence = `Planned on ${flag.key} in ${environment.name}: ${describeArms(input.arms)}.`;
    change.audit({
      object: "experiment",
      objectKey: input.key,
      environment: environment.key,
      action: "create",
      sentence,
    });
    return { key: input.key };
  });
}

function checkPlan(
  input: NewExperiment,
  flag: Awaited<ReturnType<typeof findFlag>>,
  metrics: Model.Metric[],
): string[] {
  const variants = new Set(flag.variants.map((variant) => variant.key));
  const known = new Set(metrics.map((metric) => metric.key));
  const primaries = input.metrics.filter((metric) => metric.role === "primary").length;
  return [
    ...input.arms
      .filter((arm) => !variants.has(arm.variant))
      .map((arm) => `"${arm.variant}" is not a variant of ${flag.key}.`),
    ...input.metrics.filter((metric) => !known.has(metric.key)).map((metric) => `There is no metric "${metric.key}".`),
    ...(primaries === 1 ? [] : ["Choose exactly one primary metric: it decides."]),
  ];
}

function describeArms(arms: Arm[]): string {
  return arms.map((arm) => `${arm.variant} ${percent(arm.parts)}`).join(", ");
}

export interface ExperimentAddress {
  project: string;
  experiment: string;
  expectedRevision: number;
  /** When it happened, for experiments brought in from elsewhere; only the system may set it. */
  at?: Date | undefined;
}

/** Starts an experiment: the flag gets a last rule that splits everyone who reaches it. */
export function startExperiment(database: Database, actor: Actor, input: ExperimentAddress) {
  return commit(database, actor, input.project, async (change) => {
    const experiment = await claim(change, input, "draft");
    const slot = await claimSlot(change, experiment);
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: {
        status: "running",
        startedAt: moment(actor, input),
        revision: { increment: 1 },
        slotFrom: slot?.from ?? null,
        slotTo: slot?.to ?? null,
      },
    });
    const holdouts = await change.tx.holdout.findMany({ where: { projectId: change.project.id, endedAt: null } });
    const rule = experimentRule(experiment, slot, holdouts.map(({ key }) => key).sort());
    await reviseFlag(change, experiment, `experiment ${experiment.key} started`, (config) => {
      if (config.on) return { ...config, rules: [...config.rules, rule] };
      throw new ControlError(
        "INVALID",
        `"${experiment.flag.key}" is off in ${experiment.environment.name}, so nobody would meet a variant. Turn it on first.`,
      );
    });
    return log(change, experiment, "start", `Started: ${describeArms(readArms(experiment.arms))}.`);
  });
}

/** Stops an experiment: its rule leaves the flag, and what was measured so far is the result. */
export function stopExperiment(database: Database, actor: Actor, input: ExperimentAddress) {
  return commit(database, actor, input.project, async (change) => {
    const experiment = await claim(change, input, "running");
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: { status: "ended", endedAt: moment(actor, input), revision: { increment: 1 } },
    });
    await reviseFlag(change, experiment, `experiment ${experiment.key} stopped`, (config) => ({
      ...config,
      rules: config.rules.filter((rule) => !("split" in rule.serve && rule.serve.split.experiment === experiment.key)),
    }));
    return log(change, experiment, "stop", "Stopped.");
  });
}

async function findLayer({ tx, project }: Change, key: string | undefined) {
  if (key === undefined) return undefined;
  const layer = await tx.layer.findUnique({ where: { projectId_key: { projectId: project.id, key } } });
  if (!layer) throw notFound("layer", key);
  return layer;
}

/** A slot that no running experiment of the layer has; two that start at once wait for one another here. */
async function claimSlot({ tx }: Change, experiment: ExperimentRow): Promise<Slot | undefined> {
  const { layerId, environmentId, share } = experiment;
  if (layerId === null) return undefined;
  await tx.$queryRaw`select 1 from layer where id = ${layerId} for update`;
  const running = await tx.experiment.findMany({ where: { layerId, environmentId, status: "running" } });
  const slot = takeSlot(running.flatMap(slotOf), share);
  if ("problem" in slot) throw new ControlError("INVALID", slot.problem);
  return slot;
}

type ExperimentRow = Model.Experiment & {
  flag: Model.Flag;
  environment: Model.Environment;
  layer: Model.Layer | null;
};

async function claim(
  change: Change,
  input: ExperimentAddress,
  status: Model.Experiment["status"],
): Promise<ExperimentRow> {
  const where = { projectId_key: { projectId: change.project.id, key: input.experiment } };
  const experiment = await change.tx.experiment.findUnique({
    where,
    include: { flag: true, environment: true, layer: true },
  });
  if (!experiment) throw notFound("experiment", input.experiment);
  if (experiment.status !== status) {
    throw new ControlError("INVALID", `The experiment is ${experiment.status}, not ${status}. Reload the page.`);
  }
  const claimed = await change.tx.experiment.updateMany({
    where: { id: experiment.id, revision: input.expectedRevision },
    data: { revision: input.expectedRevision },
  });
  if (claimed.count === 1) return experiment;
  throw new ControlError(
    "CONFLICT",
    "Somebody changed this experiment meanwhile. Reload the page and look at it first.",
    {
      revision: experiment.revision,
    },
  );
}

function moment(actor: Actor, input: ExperimentAddress): Date {
  return actor.kind === "system" && input.at ? input.at : new Date();
}

function experimentRule(experiment: ExperimentRow, slot: Slot | undefined, holdouts: string[]): ConfigRule {
  const { id, layer } = experiment;
  return {
    id: `experiment-${experiment.key}`,
    name: `Experiment: ${experiment.name}`,
    when: [],
    serve: {
      split: {
        by: experiment.unit,
        salt: `${experiment.id}/draw`,
        weights: readArms(experiment.arms),
        experiment: experiment.key,
        ...(layer && slot ? { layer: { key: layer.key, salt: layer.id, ...slot } } : {}),
        ...(!layer && experiment.share < 100_000 ? { share: { salt: `${id}/share`, parts: experiment.share } } : {}),
        ...(holdouts.length > 0 ? { holdouts } : {}),
      },
    },
  };
}

async function reviseFlag(
  change: Change,
  experiment: ExperimentRow,
  comment: string,
  next: (config: FlagConfiguration) => FlagConfiguration,
) {
  const current = await change.tx.flagConfig.findUniqueOrThrow({
    where: { flagId_environmentId: { flagId: experiment.flagId, environmentId: experiment.environmentId } },
  });
  await revise(change, {
    flag: experiment.flag.key,
    environment: experiment.environment.key,
    expectedRevision: current.revision,
    comment,
    action: "experiment",
    next,
  });
}

function log(change: Change, experiment: ExperimentRow, action: string, sentence: string) {
  const environment = experiment.environment.key;
  change.audit({ object: "experiment", objectKey: experiment.key, environment, action, sentence });
  return { key: experiment.key, revision: experiment.revision + 1 };
}
