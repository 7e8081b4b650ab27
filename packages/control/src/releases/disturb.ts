import { type FlagConfiguration, isSame } from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { actOn, pauseMove, type ReleasePlan } from "@telltale/release";
import type { ProjectChange } from "../door/change.ts";
import { readClock, readRelease, saveMove } from "./store.ts";

/** A change of a flag in an environment that no release has made. */
interface Edit {
  flag: Model.Flag;
  environment: Model.Environment;
  before: FlagConfiguration;
  after: FlagConfiguration;
  sentence: string;
}

/**
 * Pauses the release whose rule others have changed, and says so in its log; edits of other rules are none of its
 * business. It changes nothing that is served: what was edited stays until somebody resumes or rolls back. A completed
 * release of that rule is finished: what it could be rolled back to is no longer what was there before.
 */
export async function pauseDisturbed(change: ProjectChange, edit: Edit): Promise<void> {
  const { flag, environment, before, after, sentence } = edit;
  const rows = await change.tx.release.findMany({
    where: {
      flagId: flag.id,
      environmentId: environment.id,
      status: { in: ["running", "paused", "baking", "completed"] },
    },
    orderBy: { number: "asc" },
  });
  for (const row of rows) {
    const release = { ...readRelease(row), flag, environment };
    if (isSame(releasedPart(before, release.plan), releasedPart(after, release.plan))) continue;
    const why = `Somebody changed what it releases: ${sentence}`;
    const now = await readClock(change.tx);
    const note = { comment: why.slice(0, 1_000) };
    if (row.status === "completed") {
      const acted = actOn(release, { verb: "decommission" }, now);
      if ("move" in acted) await saveMove(change, release, acted.move, note, now);
    } else {
      // One that is paused already is told, too: what was approved is no longer what is served.
      await saveMove(change, release, pauseMove(release, { reason: "conflict", sentence: why }, now), note, now);
    }
  }
}

/** All of a configuration that a release has to do with: whether the flag is on, and the rule that is released. */
function releasedPart({ on, rules, serve }: FlagConfiguration, { rule }: ReleasePlan): unknown {
  if (rule === null) return { on, serve };
  const found = rules.find(({ id }) => id === rule);
  return { on, rule: found ? { when: found.when, serve: found.serve } : null };
}
