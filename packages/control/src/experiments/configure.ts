import { type SettingsOverride, settingsOverrideSchema } from "@telltale/analysis";
import { isSame } from "@telltale/configuration";
import { demandIn } from "../door/actor.ts";
import { defineCommand } from "../door/command.ts";
import { invalid } from "../door/error.ts";
import { description, experimentChange, experimentRevised } from "../shapes.ts";
import { describeSettings, resolveSettings } from "../statistics/settings.ts";
import { claim, type ExperimentRow, log } from "./claim.ts";
import { type ChosenMetric, checkReading, findParts, metricRows, type Reading, storedSettings } from "./draft.ts";
import { chosenMetrics, plannedUnits } from "./shapes.ts";

export const configureExperiment = defineCommand({
  name: "experiment.configure",
  describe: "Changes how a draft's results will be read; what is not named stays. Refused once it has started.",
  input: experimentChange.extend({
    hypothesis: description.optional(),
    /** All of them, in their order. */
    metrics: chosenMetrics.optional(),
    /** All that it sets otherwise than its organisation. */
    settings: settingsOverrideSchema.optional(),
    plannedUnits: plannedUnits.optional(),
  }),
  output: experimentRevised,
  action: "experiment.update",
  async apply(change, input) {
    const experiment = await claim(change, input, "draft", refuse);
    await demandIn(change, "experiment.update", [experiment.environmentId]);
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
    const { key, revision } = experiment;
    if (changes.length === 0) return { output: { key, revision }, inverse: [] };
    const { settings, plannedUnits } = after;
    await change.tx.experimentMetric.deleteMany({ where: { experimentId: experiment.id } });
    await change.tx.experiment.update({
      where: { id: experiment.id },
      data: {
        ...{ hypothesis, plannedUnits, settings: storedSettings(settings), revision: { increment: 1 } },
        metrics: { create: metricRows(after.metrics, known) },
      },
    });
    const output = log(change, experiment, `Plan changed: ${changes.join("; ")}.`);
    const { project } = input;
    const undo = {
      project,
      experiment: key,
      expectedRevision: output.revision,
      ...before,
      ...hypothesisOf(experiment),
    };
    return { output, inverse: [{ name: "experiment.configure", input: undo }] };
  },
});

const hypothesisOf = ({ hypothesis }: ExperimentRow) => ({ hypothesis });

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
