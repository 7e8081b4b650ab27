import type { SettingsOverride } from "@telltale/analysis";
import { type Database, newId } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { type Change, commit, environmentOf } from "../door/commit.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { archived, findFlag } from "../flags/revise.ts";
import { type Arm, describeArms } from "./arms.ts";
import { type ChosenMetric, checkReading, findParts, metricRows, storedSettings } from "./draft.ts";

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
  /** One to five of them primary. */
  metrics: ChosenMetric[];
  /** What it sets otherwise than its organisation. */
  settings?: SettingsOverride | undefined;
  /** Units over all arms that it is planned for; the methods `group` and `fixed` need it. */
  plannedUnits?: number | null | undefined;
}

/** Plans an experiment on a flag in an environment; nothing is served differently until it starts. */
export function createExperiment(database: Database, actor: Actor, input: NewExperiment): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { tx, project } = change;
    const environment = environmentOf(project, input.environment);
    const flag = await findFlag(change, input.flag);
    if (flag.archivedAt) throw archived(flag.key);
    const { known, organisation } = await findParts(change, input.metrics);
    const layer = await findLayer(change, input.layer);
    const { metrics, settings = {}, plannedUnits = null } = input;
    const problems = [
      ...checkArms(input.arms, flag),
      ...checkReading({ metrics, settings, plannedUnits }, known, organisation),
    ];
    if (problems.length > 0) throw invalid(problems);
    const where = { projectId_key: { projectId: project.id, key: input.key } };
    if (await tx.experiment.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is an experiment "${input.key}" already. Choose another key.`);
    }
    await tx.experiment.create({
      data: {
        ...{ id: newId(), projectId: project.id, environmentId: environment.id, flagId: flag.id, plannedUnits },
        ...{ key: input.key, name: input.name, hypothesis: input.hypothesis ?? "", share: input.share ?? 100_000 },
        arms: input.arms.map((arm) => ({ ...arm })),
        settings: storedSettings(settings),
        ...(layer ? { layerId: layer.id, unit: layer.unit } : {}),
        metrics: { create: metricRows(metrics, known) },
      },
    });
    const sentence = `Planned on ${flag.key} in ${environment.name}: ${describeArms(input.arms)}.`;
    const line = { object: "experiment", objectKey: input.key, environment: environment.key } as const;
    change.audit({ ...line, action: "create", sentence });
    return { key: input.key };
  });
}

function checkArms(arms: Arm[], flag: Awaited<ReturnType<typeof findFlag>>): string[] {
  const variants = new Set(flag.variants.map((variant) => variant.key));
  return arms
    .filter((arm) => !variants.has(arm.variant))
    .map((arm) => `"${arm.variant}" is not a variant of ${flag.key}.`);
}

async function findLayer({ tx, project }: Change, key: string | undefined) {
  if (key === undefined) return undefined;
  const layer = await tx.layer.findUnique({ where: { projectId_key: { projectId: project.id, key } } });
  if (!layer) throw notFound("layer", key);
  return layer;
}
