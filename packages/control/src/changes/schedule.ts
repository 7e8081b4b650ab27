import { type Database, isOfDatabase, type Model } from "@telltale/db";
import { z } from "zod";
import { readKeptActor } from "../access/actor.ts";
import { type Actor, actorName, demandIn, readStanding } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";
import { defineCommand } from "../door/command.ts";
import { commit } from "../door/commit.ts";
import { ControlError, invalid } from "../door/error.ts";
import { heldBack } from "../door/policy.ts";
import { applyChange } from "./apply.ts";
import { approvalsOf } from "./approvals.ts";
import { rehearseSeen } from "./rehearse.ts";
import { writeNote } from "./review.ts";
import { changed, claimChange, inChange, logChange, NOT_SCHEDULED, personOf } from "./state.ts";

const YEAR_MS = 366 * 86_400_000;

/** Only an approved change is scheduled; freezes are checked at its time. */
export const scheduleChange = defineCommand({
  name: "change.schedule",
  describe:
    "Applies a proposed change at a given time, with the permissions that the person (or token) who schedules it has then.",
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
    // At its time their permissions are checked again, by their present credential: a token, or an agent.
    await demandIn(change, "change.schedule", rehearsal.environments);
    await demandIn(change, "environment.publish", rehearsal.environments);
    const needs = await change.needs(rehearsal, await approvalsOf(change, found, found.fingerprint));
    const missing = needs.filter(({ kind }) => kind === "approvals");
    if (missing.length > 0) throw heldBack(missing);
    await change.tx.changeSet.update({
      where: { id: found.id },
      data: {
        state: "scheduled",
        scheduledAt: at,
        timeZone: input.timeZone,
        problem: null,
        scheduledById: personOf(change),
        scheduledBy: readKeptActor(change.standing.actor),
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
    await change.tx.changeSet.update({ where: { id: found.id }, data: { ...NOT_SCHEDULED, state: "in_review" } });
    logChange(change, found, "no longer scheduled.");
    return { output: { change: found.number, state: "in_review" as const } };
  },
});

/** What could not be applied at its time is kept with the reason, and its author is told in its discussion; others go on. */
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
    const data = { ...NOT_SCHEDULED, state: "failed", problem: input.problem } as const;
    await change.tx.changeSet.update({ where: { id: found.id }, data });
    const text = `${actorName(found.author)}, this was not applied at its time. ${input.problem}`;
    await writeNote(change, found.id, { kind: "remark", text });
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
  for (const row of due) {
    const { number, project } = row;
    const place = { organisation: project.organisation.key, project: project.key };
    const address = { project: writeProjectAddress(place), change: number };
    try {
      const actor = schedulerOf(row);
      await requirePlace(database, actor, project.organisationId);
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

/** Who scheduled it, and by what. Of the release before, the person alone is known. */
function schedulerOf({ scheduledBy, scheduledById }: Model.ChangeSet): Actor {
  if (scheduledBy !== null) return readKeptActor(scheduledBy);
  return scheduledById === null ? SCHEDULER : { kind: "user", userId: scheduledById };
}

/** @throws ControlError NOT_FOUND where they are gone; FORBIDDEN where their token opens nothing any more */
async function requirePlace(database: Database, actor: Actor, organisationId: string): Promise<void> {
  if (await readStanding(database, actor, organisationId)) return;
  const message =
    "The person who scheduled it is no longer in the organisation, or their token is gone. Somebody else can schedule it again.";
  throw new ControlError("NOT_FOUND", message);
}

const UNEXPECTED =
  "It failed for a reason that nobody expected; the worker's log has it. Propose it again, or make the change by hand.";

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
