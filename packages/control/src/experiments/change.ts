import type { Database } from "@telltale/db";
import type { ConfigRule, FlagConfiguration } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { type Change, commit } from "../door/commit.ts";
import { ControlError, invalid } from "../door/error.ts";
import { type Revise, revise } from "../flags/revise.ts";
import { checkPlanned } from "../statistics/settings.ts";
import { describeArms, readArms } from "./arms.ts";
import { claim, type ExperimentAddress, type ExperimentRow, log } from "./claim.ts";
import { slotOf } from "./layers.ts";
import { frozen, type Histories, resolvePlan } from "./plan.ts";
import { describeAfterStop, withoutExperiment } from "./running/afterwards.ts";
import { type Slot, takeSlot } from "./slots.ts";

/** What is to start, with what the event store knows of its metrics' past: it is frozen with the plan. */
export type ExperimentStart = ExperimentAddress & { histories?: Histories | undefined };

/**
 * Starts an experiment: the flag gets a last rule that splits everyone who reaches it, and the analysis plan is frozen.
 * What metrics and settings become later changes other experiments only.
 */
export function startExperiment(database: Database, actor: Actor, input: ExperimentStart) {
  return commit(database, actor, input.project, async (change) => {
    const experiment = await claim(change, input, "draft");
    const plan = resolvePlan(experiment, input.histories);
    const problems = checkPlanned(plan.settings, plan.plannedUnits);
    if (problems.length > 0) throw invalid(problems);
    const slot = await claimSlot(change, experiment);
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: {
        status: "running",
        startedAt: moment(actor, input),
        plan: frozen(plan),
        revision: { increment: 1 },
        slotFrom: slot?.from ?? null,
        slotTo: slot?.to ?? null,
      },
    });
    const holdouts = await change.tx.holdout.findMany({ where: { projectId: change.project.id, endedAt: null } });
    const rule = experimentRule(experiment, slot, holdouts.map(({ key }) => key).sort());
    await reviseFlag(change, experiment, {
      comment: `experiment ${experiment.key} started`,
      next: (config) => {
        if (config.on) return { ...config, rules: [...config.rules, rule] };
        throw new ControlError(
          "INVALID",
          `"${experiment.flag.key}" is off in ${experiment.environment.name}, so nobody would meet a variant. Turn it on first.`,
        );
      },
    });
    return log(change, experiment, "start", `Started: ${describeArms(readArms(experiment.arms))}.`);
  });
}

/**
 * Stops an experiment: its rule leaves the flag, and what was measured so far is the result. Never refused for the state
 * of the flag: an archived one, or one whose other rules could not be published any more, gives its rule back too.
 */
export function stopExperiment(database: Database, actor: Actor, input: ExperimentAddress) {
  return commit(database, actor, input.project, async (change) => {
    const experiment = await claim(change, input, "running");
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: { status: "ended", endedAt: moment(actor, input), revision: { increment: 1 } },
    });
    const before = await reviseFlag(change, experiment, {
      comment: `experiment ${experiment.key} stopped`,
      isSafe: true,
      next: (config) => withoutExperiment(config, experiment.key),
    });
    const serves = describeAfterStop(before, experiment.key);
    return log(change, experiment, "stop", `Stopped: everyone who was in it gets ${serves}.`);
  });
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

/** Revises the experiment's flag in its environment. @returns the configuration as it was before */
async function reviseFlag(
  change: Change,
  experiment: ExperimentRow,
  revision: Pick<Revise, "comment" | "next" | "isSafe">,
): Promise<FlagConfiguration> {
  const environment = experiment.environmentId;
  // Waits for whoever changes the flag right now, so that its revision is the newest.
  await change.tx.$queryRaw`select 1 from environment where id = ${environment} for update`;
  const current = await change.tx.flagConfig.findUniqueOrThrow({
    where: { flagId_environmentId: { flagId: experiment.flagId, environmentId: environment } },
  });
  await revise(change, {
    ...revision,
    flag: experiment.flag.key,
    environment: experiment.environment.key,
    expectedRevision: current.revision,
    action: "experiment",
  });
  return current.config as unknown as FlagConfiguration;
}
