import type { Model } from "@telltale/db";
import type { Change } from "../door/change.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { type PlanRow, planParts } from "./plan.ts";

export type ExperimentRow = PlanRow & {
  flag: Model.Flag;
  environment: Model.Environment;
  layer: Model.Layer | null;
};

/**
 * The experiment, held until the change is done.
 * @param refuse why an experiment of another status cannot be changed so
 * @throws ControlError NOT_FOUND, INVALID, CONFLICT
 */
export async function claim(
  change: Change,
  input: { experiment: string; expectedRevision: number },
  status: Model.Experiment["status"],
  refuse = (is: Model.Experiment["status"]) => `The experiment is ${is}, not ${status}. Reload the page.`,
): Promise<ExperimentRow> {
  const where = { projectId_key: { projectId: change.project.id, key: input.experiment } };
  const experiment = await change.tx.experiment.findUnique({
    where,
    include: { flag: true, environment: true, layer: true, ...planParts },
  });
  if (!experiment) throw notFound("experiment", input.experiment);
  if (experiment.status !== status) {
    throw invalid([refuse(experiment.status)]);
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

/** Writes the audit line of a change to an experiment, and answers with its next revision. */
export function log(change: Change, experiment: ExperimentRow, sentence: string) {
  const environment = experiment.environment.key;
  change.audit({ object: "experiment", objectKey: experiment.key, environment, sentence });
  return { key: experiment.key, revision: experiment.revision + 1 };
}
