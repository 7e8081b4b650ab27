import type { Transaction } from "@telltale/db";
import { OWNING } from "@telltale/release";
import { invalid } from "../door/error.ts";

/**
 * Refuses to archive a place in which experiments or releases run, naming them.
 * @throws ControlError INVALID
 */
export async function refuseRunning(
  tx: Transaction,
  place: { projectId: string } | { environmentId: string },
  name: string,
): Promise<void> {
  const running = await tx.experiment.findMany({ where: { ...place, status: "running" }, orderBy: { key: "asc" } });
  const releases = await tx.release.findMany({
    where: { ...place, status: { in: [...OWNING] } },
    orderBy: { number: "asc" },
  });
  const list = (what: string, which: readonly (string | number)[], first: string) =>
    which.length === 0 ? [] : [`${what} run in "${name}": ${which.join(", ")}. ${first} them first.`];
  const problems = [
    ...list(
      "Experiments",
      running.map(({ key }) => key),
      "Stop",
    ),
    ...list(
      "Releases",
      releases.map(({ number }) => number),
      "Cancel or roll back",
    ),
  ];
  if (problems.length > 0) throw invalid(problems);
}
