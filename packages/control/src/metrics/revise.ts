import {
  checkMargin,
  type DescribedMetric,
  describeMetricChange,
  describeMetricConflicts,
  diffMetric,
  invertMetric,
  type MetricConflict,
  mergeMetric,
  NOTHING_CHANGED,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { actorName } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { type ControlError, invalid } from "../door/error.ts";
import { applyEdit, changedMeanwhile } from "../door/stale.ts";
import { freezeStarted, keeping } from "../experiments/plan.ts";
import { metricColumns, metricIn, metricInRevision, revisionColumns } from "./definition.ts";
import { BEFORE_HISTORY } from "./read.ts";

/** A requested change of a metric. */
export interface ReviseMetric {
  project: string;
  /** The revision the caller has seen: where there is a newer one, the change is put on top of it. Left out: the newest. */
  expectedRevision?: number | undefined;
  /** Makes the next state from the one that the caller has seen. */
  next(metric: DescribedMetric): DescribedMetric;
  /** The sentence's beginning, e.g. "Reverted to revision 3: ". */
  prefix?: string;
}

export interface SavedMetric {
  key: string;
  revision: number;
  sentence: string;
  /** Running experiments that keep what they started with. */
  running: number;
  /** The newer revision that the change was put on top of; absent where the caller had seen the newest. */
  onTopOf?: number | undefined;
}

/**
 * Writes the next revision of a metric. Experiments that have started keep what they started with, those of an older
 * release too: their plan is frozen here, before the change. A change that changes nothing writes nothing and answers the
 * present revision.
 * @throws ControlError CONFLICT where both changed the same
 * @throws ControlError INVALID where the margin would guard nothing
 */
export async function reviseMetric(
  change: ProjectChange,
  found: Model.Metric,
  input: ReviseMetric,
): Promise<Applied<SavedMetric>> {
  const { tx } = change;
  const { id, key } = found;
  const before = metricIn(found);
  const { after, onTop } = await rebaseMetric(change, found, input);
  const reading = { metrics: { some: { metricId: id } } };
  const running = await tx.experiment.count({ where: { status: "running", ...reading } });
  const difference = describeMetricChange(before, after);
  if (difference === NOTHING_CHANGED) {
    return { output: { key, revision: found.revision, sentence: difference, running, ...onTop }, inverse: [] };
  }
  const problems = checkMargin(after);
  // What was saved before such margins were refused may be edited otherwise.
  if (problems.length > 0 && checkMargin(before).length === 0) throw invalid(problems);
  await freezeStarted(tx, reading);
  await keepPresent(change, found);
  const revision = found.revision + 1;
  const sentence = `${input.prefix ?? ""}${difference}${keeping(running)}`;
  await tx.metric.update({ where: { id }, data: { ...metricColumns(after), revision } });
  await recordMetricRevision(change, { id, revision, metric: after, sentence });
  const instructions = diffMetric(before, after);
  const detail = { revision, before, after, instructions };
  change.audit({ object: "metric", objectKey: key, sentence, detail });
  const undo = { project: input.project, metric: key, instructions: invertMetric(before, instructions) };
  return {
    output: { key, revision, sentence, running, ...onTop },
    inverse: [{ name: "metric.update", input: { ...undo, expectedRevision: revision } }],
  };
}

/** The metric's row, held until the commit is done: two who change it at once come one after the other. */
export async function findMetric({ tx, project }: ProjectChange, key: string): Promise<Model.Metric | null> {
  // Experiments that refer to it need not wait.
  await tx.$queryRaw`select 1 from metric where "projectId" = ${project.id} and key = ${key} for no key update`;
  return tx.metric.findUnique({ where: { projectId_key: { projectId: project.id, key } } });
}

/** The metric as it was at a revision; null where none was kept. */
export async function readRevision({ tx }: ProjectChange, found: Model.Metric, revision: number) {
  if (revision === found.revision) return metricIn(found);
  const row = await tx.metricRevision.findUnique({ where: { metricId_revision: { metricId: found.id, revision } } });
  return row && metricInRevision(row);
}

/** Writes the row of a revision. */
export async function recordMetricRevision(
  { tx, actor }: ProjectChange,
  made: { id: string; revision: number; metric: DescribedMetric; sentence: string },
): Promise<void> {
  const { id: metricId, revision, metric, sentence } = made;
  await tx.metricRevision.create({
    data: { metricId, revision, ...revisionColumns(metric), sentence, actor: { ...actor } },
  });
}

/** Keeps the present revision where the release before wrote it. */
async function keepPresent({ tx }: ProjectChange, found: Model.Metric): Promise<void> {
  const { id: metricId, revision, createdAt } = found;
  const where = { metricId_revision: { metricId, revision } };
  if (await tx.metricRevision.findUnique({ where, select: { revision: true } })) return;
  const data = { metricId, revision, ...revisionColumns(metricIn(found)), ...BEFORE_HISTORY, createdAt };
  await tx.metricRevision.create({ data });
}

function rebaseMetric(change: ProjectChange, found: Model.Metric, { expectedRevision, next }: ReviseMetric) {
  return applyEdit<DescribedMetric, MetricConflict>({
    newest: { revision: found.revision, value: metricIn(found) },
    expectedRevision,
    next,
    readAt: (revision) => readRevision(change, found, revision),
    merge: (base, mine, theirs) => {
      const { metric, conflicts } = mergeMetric(base, mine, theirs);
      return { merged: metric, conflicts };
    },
    refuse: (conflicts) => conflict(change, found, conflicts),
  });
}

async function conflict(
  { tx }: ProjectChange,
  { id: metricId, revision }: Model.Metric,
  conflicts: readonly MetricConflict[],
): Promise<ControlError> {
  const newest = await tx.metricRevision.findUnique({ where: { metricId_revision: { metricId, revision } } });
  const by = newest ? actorName(newest.actor) : undefined;
  return changedMeanwhile({ object: "metric", revision, by, both: describeMetricConflicts(conflicts) }, { conflicts });
}
