import { type Database, isOfDatabase } from "@telltale/db";
import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";
import { defineCommand } from "../door/command.ts";
import { commit } from "../door/commit.ts";
import { ControlError, invalid } from "../door/error.ts";
import { heldBack } from "../door/policy.ts";
import { applyChange } from "./apply.ts";
import { approvalsOf } from "./approvals.ts";
import { rehearseSeen } from "./rehearse.ts";
import { changed, claimChange, inChange, logChange, personOf } from "./state.ts";

const YEAR_MS = 366 * 86_400_000;

/** Only what has its approvals is scheduled; freezes are asked at its time. */
export const scheduleChange = defineCommand({
  name: "change.schedule",
  describe: "Applies a proposed change at a time, with the permissions of who schedules it.",
  input: inChange.extend({
    at: z.iso.datetime({ offset: true, error: "Write the time as 2026-11-24T10:00:00+01:00, with an offset." }),
    /** IANA name of the time zone that it was chosen in. */
    timeZone: z.string().max(100).refine(isTimeZone, "Name a time zone such as Europe/Berlin."),
  }),
  output: changed,
  action: "change.apply",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["in_review", "approved", "scheduled", "failed"]);
    const at = new Date(input.at);
    const wait = at.getTime() - Date.now();
    if (wait < 0) throw invalid(["That time is over. Choose a later one, or apply it now."]);
    if (wait > YEAR_MS) throw invalid(["That is more than a year away. Choose an earlier time."]);
    const rehearsal = await rehearseSeen(change, found, found.fingerprint);
    // At its time it is done with all that the person may: whoever schedules may do it now, with what they came with.
    await demandIn(change, "change.schedule", rehearsal.environments);
    await demandIn(change, "environment.publish", rehearsal.environments);
    const needs = await change.needs(rehearsal, await approvalsOf(change, found, found.fingerprint));
    const missing = needs.filter(({ kind }) => kind === "approvals");
    if (missing.length > 0) throw heldBack(missing);
    await change.tx.changeSet.update({
      where: { id: found.id },
      data: {
        ...{ state: "scheduled", scheduledAt: at, timeZone: input.timeZone, problem: null },
        scheduledById: personOf(change),
      },
    });
    logChange(change, found, `scheduled for ${input.at} (${input.timeZone}).`);
    return { output: { change: found.number, state: "scheduled" as const } };
  },
});

export const unscheduleChange = defineCommand({
  name: "change.unschedule",
  describe: "Takes a change's time away.",
  input: inChange,
  output: changed,
  action: "change.apply",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["scheduled"]);
    await demandIn(change, "change.schedule", found.environments);
    const data = { state: "in_review", scheduledAt: null, scheduledById: null, timeZone: null } as const;
    await change.tx.changeSet.update({ where: { id: found.id }, data });
    logChange(change, found, "no longer scheduled.");
    return { output: { change: found.number, state: "in_review" as const } };
  },
});

/** What could not be applied at its time is kept with the reason, for its author; others go on. */
export const setChangeAside = defineCommand({
  name: "change.setAside",
  describe: "Keeps a scheduled change that could not be applied, and says why.",
  input: inChange.extend({ problem: z.string().max(5_000) }),
  output: changed,
  action: "change.apply",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["scheduled"]);
    const data = { state: "failed", problem: input.problem, scheduledAt: null } as const;
    await change.tx.changeSet.update({ where: { id: found.id }, data });
    logChange(change, found, `not applied at its time: ${input.problem}`);
    return { output: { change: found.number, state: "failed" as const } };
  },
});

/** Who applies what is due. */
const SCHEDULER = { kind: "system", name: "worker" } as const;

/**
 * Applies every change-set whose time has come. Any number of workers may do so at once, and any may be killed: a
 * change-set leaves the state `scheduled` in the commit that applies it. One that is refused, or fails in a way that
 * nobody expected, is set aside with the reason; one that fails because the database is away stays, and is tried again.
 * @param onError told of what nobody expected
 * @returns how many were applied and how many set aside
 */
export async function applyDueChanges(
  database: Database,
  now: Date,
  onError: (error: unknown) => void = () => undefined,
): Promise<{ applied: number; setAside: number }> {
  const due = await database.changeSet.findMany({
    // Those of an archived project wait until it is restored.
    where: { state: "scheduled", scheduledAt: { lte: now }, project: { archivedAt: null } },
    include: { project: { include: { organisation: true } } },
    orderBy: [{ scheduledAt: "asc" }, { id: "asc" }],
    take: 100,
  });
  const done = { applied: 0, setAside: 0 };
  for (const { number, project, scheduledById } of due) {
    const place = { organisation: project.organisation.key, project: project.key };
    const address = { project: writeProjectAddress(place), change: number };
    const actor = scheduledById === null ? SCHEDULER : ({ kind: "user", userId: scheduledById } as const);
    try {
      await commit(database, actor, [applyChange.bind(address)]);
      done.applied += 1;
    } catch (error) {
      const refused = error instanceof ControlError ? error : undefined;
      if (!refused) onError(error);
      // The database was away, or nobody got a turn: it is looked at again.
      if (refused ? refused.code === "BUSY" : isOfDatabase(error)) continue;
      const problem = refused?.message ?? UNEXPECTED;
      if (await setAside(database, address, problem)) done.setAside += 1;
    }
  }
  return done;
}

const UNEXPECTED =
  "It failed for a reason that nobody expected; the worker's log has it. Propose it anew, or make the change by hand.";

async function setAside(
  database: Database,
  address: { project: string; change: number },
  problem: string,
): Promise<boolean> {
  try {
    await setChangeAside(database, SCHEDULER, { ...address, problem });
    return true;
  } catch (error) {
    // It is not scheduled any more: another worker applied it, or somebody took its time away.
    if (error instanceof ControlError) return false;
    throw error;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
