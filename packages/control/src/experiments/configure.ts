import type { SettingsOverride } from "@telltale/analysis";
import { isSame } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { invalid } from "../door/error.ts";
import { describeSettings, resolveSettings } from "../statistics/settings.ts";
import { claim, type ExperimentRow, log } from "./claim.ts";
import { type ChosenMetric, checkReading, findParts, metricRows, type Reading, storedSettings } from "./draft.ts";

/** What is to change; what is not named stays. */
export interface ExperimentConfiguration {
  project: string;
  experiment: string;
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
  expectedRevision: number;
  hypothesis?: string | undefined;
  /** All of them, in their order. */
  metrics?: ChosenMetric[] | undefined;
  /** All that it sets otherwise than its organisation. */
  settings?: SettingsOverride | undefined;
  plannedUnits?: number | null | undefined;
}

/**
 * Changes how a draft's results will be read. Once it has started that is fixed.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID, CONFLICT
 */
export function configureExperiment(database: Database, actor: Actor, input: ExperimentConfiguration) {
  return commit(database, actor, input.project, async (change) => {
    const experiment = await claim(change, input, "draft", refuse);
    const before = readingOf(experiment);
    const after: Reading = {
      metrics: input.metrics ?? before.metrics,
      settings: input.settings ?? before.settings,
      plannedUnits: input.plannedUnits === undefined ? before.plannedUnits : input.plannedUnits,
    };
    const hypothesis = input.hypothesis ?? experiment.hypothesis;
    const { known, organisation } = await findParts(change, after.metrics);
    const problems = checkReading(after, known, organisation);
    if (problems.length > 0) throw invalid(problems);
    const changes = describe(experiment, hypothesis, before, after, organisation.settings);
    if (changes.length === 0) return { key: experiment.key, revision: experiment.revision };
    const { settings, plannedUnits } = after;
    await change.tx.experimentMetric.deleteMany({ where: { experimentId: experiment.id } });
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: {
        ...{ hypothesis, plannedUnits, settings: storedSettings(settings), revision: { increment: 1 } },
        metrics: { create: metricRows(after.metrics, known) },
      },
    });
    return log(change, experiment, "configure", `Plan changed: ${changes.join("; ")}.`);
  });
}

function refuse(status: "draft" | "running" | "ended"): string {
  const is = status === "running" ? "is running" : "has ended";
  const next = status === "running" ? "Stop it and start a new one" : "Plan a new one";
  return `The experiment ${is}: results read under rules that were changed midway are not valid. ${next}.`;
}

function readingOf(experiment: ExperimentRow): Reading {
  return {
    metrics: experiment.metrics.map(({ metric, role, minimumEffect, margin, absoluteMargin }) => ({
      ...{ key: metric.key, role, minimumEffect, margin, absoluteMargin },
    })),
    settings: experiment.settings as SettingsOverride,
    plannedUnits: experiment.plannedUnits,
  };
}

function describe(
  experiment: ExperimentRow,
  hypothesis: string,
  before: Reading,
  after: Reading,
  organisation: unknown,
): string[] {
  const settings = describeSettings(
    resolveSettings(organisation, before.settings),
    resolveSettings(organisation, after.settings),
  );
  const units = (planned: number | null) => (planned === null ? "none" : String(planned));
  return [
    ...(hypothesis === experiment.hypothesis ? [] : ["hypothesis"]),
    ...(metricsOf(before) === metricsOf(after) ? [] : [`metrics ${metricsOf(before)} → ${metricsOf(after)}`]),
    ...(settings === "" ? pinned(before, after) : [settings]),
    ...(before.plannedUnits === after.plannedUnits
      ? []
      : [`planned units ${units(before.plannedUnits)} → ${units(after.plannedUnits)}`]),
  ];
}

/** Settings that are as the organisation's today, and stay so when those change. */
function pinned(before: Reading, after: Reading): string[] {
  const keys = Object.keys(storedSettings(after.settings));
  if (isSame(before.settings, storedSettings(after.settings))) return [];
  return [keys.length === 0 ? "settings as the organisation's" : `settings of its own: ${keys.join(", ")}`];
}

function metricsOf({ metrics }: Reading): string {
  const own = ({ minimumEffect, margin, absoluteMargin }: ChosenMetric) =>
    [
      ...(minimumEffect == null ? [] : [`effect ${minimumEffect}`]),
      ...(margin == null ? [] : [`margin ${margin}`]),
      ...(absoluteMargin == null ? [] : [`absolute margin ${absoluteMargin}`]),
    ].join(", ");
  return metrics.map((metric) => `${metric.key} (${[metric.role, own(metric)].filter(Boolean).join(", ")})`).join(", ");
}
