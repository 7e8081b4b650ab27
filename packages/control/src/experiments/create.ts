import { settingsOverrideSchema } from "@telltale/analysis";
import { keySchema } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { z } from "zod";
import { findEnvironment, type ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { archived, findFlag } from "../flags/revise.ts";
import { description, inProject, name, onlyKey } from "../shapes.ts";
import { type Arm, armsSchema, describeArms } from "./arms.ts";
import { checkDraft, chosenAs, findParts, planColumns } from "./draft.ts";
import { chosenMetrics, plannedUnits } from "./shapes.ts";

export const newExperiment = inProject.extend({
  key: keySchema,
  name,
  hypothesis: description.optional(),
  flag: keySchema,
  environment: keySchema,
  /** Control first. */
  arms: armsSchema,
  /** Parts of 100,000 of the traffic that take part (default: all). */
  share: z.int().min(1).max(100_000).optional(),
  /** Key of a layer: the experiment takes its unit, and a slot as wide as the share when it starts. */
  layer: keySchema.optional(),
  /** One to five of them primary. */
  metrics: chosenMetrics,
  /** What it sets otherwise than its organisation. */
  settings: settingsOverrideSchema.optional(),
  plannedUnits: plannedUnits.optional(),
});
export type NewExperiment = z.input<typeof newExperiment>;

export const createExperiment = defineCommand({
  name: "experiment.create",
  describe: "Plans an experiment on a flag in an environment; nothing is served differently until it starts.",
  input: newExperiment,
  output: onlyKey,
  action: "experiment.create",
  isReversible: false,
  async apply(change, input) {
    const { tx, project } = change;
    const environment = findEnvironment(project, input.environment);
    const flag = await findFlag(change, input.flag);
    if (flag.archivedAt) throw archived(flag.key);
    const { hypothesis = "", settings = {}, plannedUnits = null } = input;
    const plan = { hypothesis, metrics: chosenAs(input.metrics), settings, plannedUnits };
    const { known, organisation } = await findParts(change, plan);
    const layer = await findLayer(change, input.layer);
    const problems = [...checkArms(input.arms, flag), ...checkDraft(plan, known, organisation)];
    if (problems.length > 0) throw invalid(problems);
    const where = { projectId_key: { projectId: project.id, key: input.key } };
    if (await tx.experiment.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is an experiment "${input.key}" already. Choose another key.`);
    }
    await tx.experiment.create({
      data: {
        id: newId(),
        projectId: project.id,
        environmentId: environment.id,
        flagId: flag.id,
        key: input.key,
        name: input.name,
        share: input.share ?? 100_000,
        arms: input.arms.map((arm) => ({ ...arm })),
        ...(layer ? { layerId: layer.id, unit: layer.unit } : {}),
        ...planColumns(plan, known),
      },
    });
    const sentence = `Planned on ${flag.key} in ${environment.name}: ${describeArms(input.arms)}.`;
    const line = { object: "experiment", objectKey: input.key, environment: environment.key } as const;
    change.audit({ ...line, sentence });
    return { output: { key: input.key } };
  },
});

function checkArms(arms: Arm[], flag: Awaited<ReturnType<typeof findFlag>>): string[] {
  const variants = new Set(flag.variants.map((variant) => variant.key));
  return arms
    .filter((arm) => !variants.has(arm.variant))
    .map((arm) => `"${arm.variant}" is not a variant of ${flag.key}.`);
}

async function findLayer({ tx, project }: ProjectChange, key: string | undefined) {
  if (key === undefined) return undefined;
  const layer = await tx.layer.findUnique({ where: { projectId_key: { projectId: project.id, key } } });
  if (!layer) throw notFound("layer", key);
  return layer;
}
