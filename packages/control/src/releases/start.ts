import { actOn, checkStart, type Move, type RuleBaseline } from "@telltale/release";
import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { invalid } from "../door/error.ts";
import { findBaseline, readServed, requireOn, serveState } from "./serve.ts";
import type { releaseMoved } from "./shapes.ts";
import { readClock, readRelease, refuseOwned, type StoredRelease, saveMove, type TransitionNote } from "./store.ts";

const YEAR_MS = 366 * 86_400_000;

/** When a release starts: a moment with an offset; null: now. */
export const startAt = z.iso
  .datetime({ offset: true, error: "Write the time as 2026-11-24T10:00:00+01:00, with an offset." })
  .nullable();

/** Starts a draft now, or lets it start at its time. @throws ControlError */
export async function letStart(
  change: ProjectChange,
  release: StoredRelease,
  { at, comment = "" }: { at: string | null; comment?: string | undefined },
): Promise<Applied<z.output<typeof releaseMoved>>> {
  await demandIn(change, "release.start", [release.environmentId]);
  const now = await readClock(change.tx);
  const moment = at === null ? null : Date.parse(at);
  if (moment !== null && moment < now) throw invalid(["That time is over. Choose a later one, or start it now."]);
  if (moment !== null && moment > now + YEAR_MS) {
    throw invalid(["That is more than a year away. Choose an earlier time."]);
  }
  const acted = actOn(release, { verb: "start", at: moment }, now);
  if ("refusal" in acted) throw invalid([acted.refusal]);
  await refuseOtherOwners(change, release);
  // At its time, somebody who may publish there has let it start.
  if (moment !== null) await demandIn(change, "environment.publish", [release.environmentId]);
  const note = { comment };
  if (acted.move.kind === "started") return begin(change, release, acted.move, note, now);
  // What policies ask for is asked when it is let start: as of what it will do to the flag, though nothing changes yet.
  change.touch(release.environmentId, {});
  const line = { object: "flag", objectKey: release.flag.key, environment: release.environment.key } as const;
  const sentence = `Release ${release.number} will serve "${release.plan.variant}" from ${at} on.`;
  change.audit({ ...line, action: "release", sentence, comment });
  return saveMove(change, release, acted.move, note, now);
}

/** Serves the first step, from what is served now. @throws ControlError INVALID where it cannot begin */
export async function begin(
  change: ProjectChange,
  release: StoredRelease,
  move: Move,
  note: TransitionNote,
  now: number,
): Promise<Applied<z.output<typeof releaseMoved>>> {
  await requireOn(change, release);
  const config = await readServed(change.tx, release);
  const baseline: RuleBaseline = findBaseline(config, release.plan, release.flag.key);
  const problems = checkStart(release.plan, baseline);
  if (problems.length > 0) throw invalid(problems);
  await finishOlder(change, release, now);
  const comment = note.comment ?? `release ${release.number}`;
  const { nature = "ordinary" } = note;
  const revision = await serveState(change, { ...release, baseline }, move.to, { nature, comment });
  return saveMove(change, release, move, { ...note, baseline, revision }, now);
}

/** A flag in an environment has one owner at a time. @throws ControlError INVALID naming the other */
async function refuseOtherOwners({ tx }: ProjectChange, release: StoredRelease): Promise<void> {
  const { flagId, environmentId, flag, environment } = release;
  await refuseOwned(tx, release);
  const running = await tx.experiment.findFirst({ where: { flagId, environmentId, status: "running" } });
  if (running) {
    throw invalid([
      `Experiment "${running.key}" runs on "${flag.key}" in ${environment.name}. Stop or decide the experiment first.`,
    ]);
  }
}

/** Releases of the flag that were completed before can be rolled back no more: their baseline is no longer what was. */
async function finishOlder(change: ProjectChange, release: StoredRelease, now: number): Promise<void> {
  const { flagId, environmentId, flag, environment } = release;
  const older = await change.tx.release.findMany({
    where: { flagId, environmentId, status: { in: ["completed", "rollback_unverified"] } },
    orderBy: { number: "asc" },
  });
  for (const row of older) {
    const one = { ...readRelease(row), flag, environment };
    const acted = actOn(one, { verb: "decommission" }, now);
    if ("move" in acted) await saveMove(change, one, acted.move, { comment: `release ${release.number} started` }, now);
  }
}
