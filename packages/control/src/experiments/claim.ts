import type { Model } from "@telltale/db";
import type { AuditEntry, ProjectChange } from "../door/change.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { type PlanRow, planParts } from "./plan.ts";

export type StoredExperiment = PlanRow & {
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
  change: ProjectChange,
  input: { experiment: string; expectedRevision: number },
  status: Model.Experiment["status"],
): Promise<StoredExperiment> {
  const refuse = (is: Model.Experiment["status"]) => `The experiment is ${is}, not ${status}. Reload the page.`;
  const experiment = await hold(change, input.experiment, status, refuse);
  const { revision } = experiment;
  if (revision === input.expectedRevision) return experiment;
  const message = "Somebody changed this experiment meanwhile. Reload the page and look at it first.";
  throw new ControlError("CONFLICT", message, { revision });
}

/**
 * The experiment, held until the change is done, at whatever revision it is.
 * @param refuse why an experiment of another status cannot be changed so
 * @throws ControlError NOT_FOUND, INVALID
 */
export async function hold(
  { tx, project }: ProjectChange,
  key: string,
  status: Model.Experiment["status"],
  refuse: (is: Model.Experiment["status"]) => string,
): Promise<StoredExperiment> {
  // What only refers to it, such as a snapshot, need not wait.
  await tx.$queryRaw`select 1 from experiment where "projectId" = ${project.id} and key = ${key} for no key update`;
  const experiment = await tx.experiment.findUnique({
    where: { projectId_key: { projectId: project.id, key } },
    include: { flag: true, environment: true, layer: true, ...planParts },
  });
  if (!experiment) throw notFound("experiment", key);
  if (experiment.status !== status) throw invalid([refuse(experiment.status)]);
  return experiment;
}

/** Writes the audit line of a change to an experiment, and answers with its next revision. */
export function auditExperiment(
  change: ProjectChange,
  experiment: StoredExperiment,
  sentence: string,
  detail: Pick<AuditEntry, "detail"> = {},
) {
  const environment = experiment.environment.key;
  change.audit({ object: "experiment", objectKey: experiment.key, environment, sentence, ...detail });
  return { key: experiment.key, revision: experiment.revision + 1 };
}
