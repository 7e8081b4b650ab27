import { metricHistorySchema } from "@telltale/analysis";
import { type ConfigRule, type FlagConfiguration, readConfiguration } from "@telltale/configuration";
import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { type Revise, revise } from "../flags/revise.ts";
import { refuseOwned } from "../releases/store.ts";
import { experimentRevised } from "../shapes.ts";
import { checkPlanned } from "../statistics/settings.ts";
import { describeArms, readArms } from "./arms.ts";
import { auditExperiment, claim, type StoredExperiment } from "./claim.ts";
import { slotOf } from "./groups/layers.ts";
import { type Slot, takeSlot } from "./groups/slots.ts";
import { frozen, resolvePlan } from "./plan.ts";
import { describeAfterStop, withoutExperiment } from "./running/afterwards.ts";
import { experimentMoment } from "./shapes.ts";

/**
 * The flag gets a last rule that splits everyone who reaches it. What metrics and settings become later changes other
 * experiments only.
 */
export const startExperiment = defineCommand({
  name: "experiment.start",
  describe: "Starts an experiment; its analysis plan is frozen.",
  input: experimentMoment.extend({
    /** By metric: what the event store knows of its past. It is frozen with the plan. */
    histories: z.record(z.string(), metricHistorySchema.nullable()).optional(),
  }),
  output: experimentRevised,
  action: "experiment.start",
  isReversible: false,
  async apply(change, input) {
    const experiment = await claim(change, input, "draft");
    await demandIn(change, "experiment.start", [experiment.environmentId]);
    const plan = resolvePlan(experiment, input.histories);
    const problems = checkPlanned(plan.settings, plan.plannedUnits);
    if (problems.length > 0) throw invalid(problems);
    // A release that starts at this moment comes before, or waits and is refused.
    await change.tx.$queryRaw`select 1 from environment where id = ${experiment.environmentId} for update`;
    await refuseOwned(change.tx, experiment);
    const slot = await claimSlot(change, experiment);
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: {
        status: "running",
        startedAt: momentOf(change, input),
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
    return { output: auditExperiment(change, experiment, `Started: ${describeArms(readArms(experiment.arms))}.`) };
  },
});

/**
 * What was measured so far is the result. Never refused for the state of the flag: an archived one, or one whose other
 * rules could not be published any more, gives its rule back too.
 */
export const stopExperiment = defineCommand({
  name: "experiment.stop",
  describe: "Stops an experiment: its rule leaves the flag.",
  input: experimentMoment,
  output: experimentRevised,
  action: "experiment.stop",
  isReversible: false,
  async apply(change, input) {
    const experiment = await claim(change, input, "running");
    await demandIn(change, "experiment.stop", [experiment.environmentId]);
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: { status: "ended", endedAt: momentOf(change, input), revision: { increment: 1 } },
    });
    const before = await reviseFlag(change, experiment, {
      comment: `experiment ${experiment.key} stopped`,
      nature: "safe",
      next: (config) => withoutExperiment(config, experiment.key),
    });
    const serves = describeAfterStop(before, experiment.key);
    return { output: auditExperiment(change, experiment, `Stopped: everyone who was in it gets ${serves}.`) };
  },
});

/** A slot that no running experiment of the layer has; two that start at once wait for one another here. */
async function claimSlot({ tx }: ProjectChange, experiment: StoredExperiment): Promise<Slot | undefined> {
  const { layerId, environmentId, share } = experiment;
  if (layerId === null) return undefined;
  await tx.$queryRaw`select 1 from layer where id = ${layerId} for update`;
  const running = await tx.experiment.findMany({ where: { layerId, environmentId, status: "running" } });
  const slot = takeSlot(running.flatMap(slotOf), share);
  if ("problem" in slot) throw new ControlError("INVALID", slot.problem);
  return slot;
}

function momentOf({ actor }: ProjectChange, { at }: { at?: string | undefined }): Date {
  return actor.kind === "system" && at ? new Date(at) : new Date();
}

function experimentRule(experiment: StoredExperiment, slot: Slot | undefined, holdouts: string[]): ConfigRule {
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
  change: ProjectChange,
  experiment: StoredExperiment,
  revision: Pick<Revise, "comment" | "next" | "nature">,
): Promise<FlagConfiguration> {
  const environment = experiment.environmentId;
  // Waits for a transaction that changes the flag right now, so that its revision is the newest.
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
  return readConfiguration(current.config);
}
