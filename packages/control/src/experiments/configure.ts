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
import { invalid } from "../door/error.ts";
import { applyEdit, changedMeanwhile } from "../door/stale.ts";
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
    const { after, onTop } = await rebasePlan(change, experiment, { input, words });
    const { known, organisation } = await findParts(change, after);
    const problems = checkDraft(after, known, organisation);
    if (problems.length > 0) throw invalid(problems);
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
function rebasePlan(change: ProjectChange, experiment: StoredExperiment, { input, words }: AskedPlan) {
  const { revision } = experiment;
  return applyEdit<DraftPlan, PlanConflict>({
    newest: { revision, value: draftPlanIn(experiment) },
    expectedRevision: input.expectedRevision,
    next: (seen) => ({
      hypothesis: input.hypothesis ?? seen.hypothesis,
      metrics: input.metrics ? chosenAs(input.metrics) : seen.metrics,
      settings: input.settings ?? seen.settings,
      plannedUnits: input.plannedUnits === undefined ? seen.plannedUnits : input.plannedUnits,
    }),
    readAt: (seen) => planAt(change, experiment, seen),
    merge: (base, mine, theirs) => {
      const twice = checkOnce(mine.metrics);
      if (twice.length > 0) throw invalid(twice);
      const { plan, conflicts } = mergePlan(base, mine, theirs);
      return { merged: plan, conflicts };
    },
    refuse: (conflicts) => {
      const both = conflicts.length === 0 ? "" : describePlanConflicts(conflicts, words);
      return changedMeanwhile({ object: "plan", revision, both }, { conflicts });
    },
  });
}

interface AskedPlan {
  input: Configuration;
  words: SettingWords;
}

/** The plan at an earlier revision: the audit line of the next one has it. Null where a release before wrote that. */
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
  return detail.success ? readDraftPlan(detail.data.before) : null;
}
