import type { Prisma, Transaction } from "@telltale/db";
import { invalid } from "../door/error.ts";

/**
 * Refuses to archive a place in which experiments run, by their keys.
 * @throws ControlError INVALID
 */
export async function refuseRunning(
  tx: Transaction,
  place: Pick<Prisma.ExperimentWhereInput, "projectId" | "environmentId">,
  name: string,
): Promise<void> {
  const running = await tx.experiment.findMany({ where: { ...place, status: "running" }, orderBy: { key: "asc" } });
  if (running.length === 0) return;
  const keys = running.map((experiment) => experiment.key).join(", ");
  throw invalid([`Experiments run in "${name}": ${keys}. Stop them first.`]);
}
