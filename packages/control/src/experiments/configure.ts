import { settingsOverrideSchema } from "@telltale/analysis";
import {
  type DraftPlan,
  describePlanChange,
  describePlanConflicts,
  diffPlan,
  mergePlan,
  NOTHING_CHANGED,
  type PlanConflict,
  readDraftPlan,
  type SettingWords,
} from "@telltale/configuration";
import type { Prisma } from "@telltale/db";
import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { description, experimentChange, experimentRevised } from "../shapes.ts";
import { settingWords } from "../statistics/settings.ts";
import { auditExperiment, hold, type StoredExperiment } from "./claim.ts";
import { checkDraft, checkOnce, chosenAs, draftPlanIn, findParts, planColumns } from "./draft.ts";
import { chosenMetrics, plannedUnits } from "./shapes.ts";

const configuration = experimentChange.extend({
  hypothesis: description.optional(),
  /** All of them, in their order. */
  metrics: chosenMetrics.optional(),
  /** All that it sets otherwise than its organisation. */
  settings: settingsOverrideSchema.optional(),
  plannedUnits: plannedUnits.optional(),
});
type Configuration = z.output<typeof configuration>;

export const configureExperiment = defineCommand({
  name: "experiment.configure",
  describe:
    "Changes how a draft's results will be read, on top of what others changed of it meanwhile; what is not named stays. Refused once it has started.",
  input: configuration,
  output: experimentRevised.extend({
    /** The newer revision that the change was put on top of; absent where the caller had seen the newest. */
    onTopOf: z.number().optional(),
  }),
  action: "experiment.update",
  async apply(change, input) {
    const experiment = await hold(change, input.experiment, "draft", refuse);
    await demandIn(change, "experiment.update", [experiment.environmentId]);
    const before = draftPlanIn(experiment);
    const words = settingWords(experiment.project.organisation.settings);
    const after = await planned(change, { experiment, present: before, input, words });
    const { known, organisation } = await findParts(change, after);
    const problems = checkDraft(after, known, organisation);
    if (problems.length > 0) throw invalid(problems);
    const onTop = experiment.revision === input.expectedRevision ? {} : { onTopOf: experiment.revision };
    const sentence = describePlanChange(before, after, words);
    const { id, key, revision } = experiment;
    if (sentence === NOTHING_CHANGED) return { output: { key, revision, ...onTop }, inverse: [] };
    await change.tx.experimentMetric.deleteMany({ where: { experimentId: id } });
    const data = { ...planColumns(after, known), revision: { increment: 1 } };
    await change.tx.experiment.update({ where: { id }, data });
    // What it was is the base of edits that come later, from who has not seen this one.
    const detail = { revision: revision + 1, before, instructions: diffPlan(before, after) } as Prisma.InputJsonObject;
    const output = auditExperiment(change, experiment, `Plan changed: ${sentence}`, { detail });
    const undo = { project: input.project, experiment: key, expectedRevision: output.revision, ...before };
    return { output: { ...output, ...onTop }, inverse: [{ name: "experiment.configure", input: undo }] };
  },
});

function refuse(status: "draft" | "running" | "ended"): string {
  const is = status === "running" ? "is running" : "has ended";
  const next = status === "running" ? "Stop it and start a new one" : "Plan a new one";
  return `The experiment ${is}: results read under rules that were changed midway are not valid. ${next}.`;
}

/** The requested plan: of the revision that the caller has seen, with what others changed since. */
async function planned(
  change: ProjectChange,
  { experiment, present, input, words }: AskedPlan & { present: DraftPlan },
): Promise<DraftPlan> {
  const isSeen = experiment.revision === input.expectedRevision;
  const base = isSeen ? present : await planAt(change, experiment, input.expectedRevision);
  if (!base) throw conflict({ experiment, words });
  const mine: DraftPlan = {
    hypothesis: input.hypothesis ?? base.hypothesis,
    metrics: input.metrics ? chosenAs(input.metrics) : base.metrics,
    settings: input.settings ?? base.settings,
    plannedUnits: input.plannedUnits === undefined ? base.plannedUnits : input.plannedUnits,
  };
  if (isSeen) return mine;
  const twice = checkOnce(mine.metrics);
  if (twice.length > 0) throw invalid(twice);
  const { plan, conflicts } = mergePlan(base, mine, present);
  if (conflicts.length > 0) throw conflict({ experiment, words }, conflicts);
  return plan;
}

interface AskedPlan {
  experiment: StoredExperiment;
  input: Configuration;
  words: SettingWords;
}

/** The plan at an earlier revision: the audit line of the next one has it. Undefined where a release before wrote that. */
async function planAt({ tx, project }: ProjectChange, { key }: StoredExperiment, revision: number) {
  const line = await tx.auditEvent.findFirst({
    where: {
      projectId: project.id,
      object: "experiment",
      objectKey: key,
      command: "experiment.configure",
      detail: { path: ["revision"], equals: revision + 1 },
    },
    orderBy: { id: "desc" },
  });
  const detail = z.object({ before: z.unknown() }).safeParse(line?.detail);
  return detail.data && readDraftPlan(detail.data.before);
}

function conflict(
  { experiment, words }: Omit<AskedPlan, "input">,
  conflicts: readonly PlanConflict[] = [],
): ControlError {
  const { revision } = experiment;
  const told = conflicts.length === 0 ? "" : ` Both of you changed: ${describePlanConflicts(conflicts, words)}.`;
  const message = `Somebody changed this plan meanwhile (revision ${revision}).${told} Look at the newer one, then save yours on top of it.`;
  return new ControlError("CONFLICT", message, { revision, conflicts });
}
