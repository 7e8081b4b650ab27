import { type Database, isOfDatabase, type Transaction } from "@telltale/db";
import {
  asideMove,
  isWatched,
  lookAgainAt,
  nextMove,
  type ReleaseEvidence,
  type RuleBaseline,
} from "@telltale/release";
import { judgeGuards } from "@telltale/release/judge";
import { z } from "zod";
import { writeProjectAddress } from "../door/address.ts";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { findFreeze } from "../door/policy.ts";
import { type Observe, type ObservedCounts, observedCounts, observedInStates, observeRelease } from "./observed.ts";
import { readBack } from "./read-back.ts";
import { inRelease, releaseMoved } from "./shapes.ts";
import { begin } from "./start.ts";
import { claimRelease, readClock, type StoredRelease, saveMove, toJson } from "./store.ts";
import { followMove } from "./verbs.ts";

const stepped = releaseMoved.nullable();

/**
 * What a release does by itself: at most one transition, decided on what is stored, by the database's clock. Whoever
 * comes second finds the release at its next state, and does what that asks for, or nothing.
 */
export const stepRelease = defineCommand({
  name: "release.step",
  describe: "Takes a release on where its time has come and nothing holds it; else it stays.",
  input: inRelease.extend({
    /** What SDKs observed since it began; null: that could not be read. */
    observed: observedCounts.nullable(),
  }),
  output: stepped,
  action: "release.advance",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    requireSystem(change);
    const release = await claimRelease(change, input);
    const now = await readClock(change.tx);
    const evidence = await readEvidence(change, release, input.observed, now);
    await keepEvidence(change.tx, release, evidence, now);
    const move = nextMove(release, evidence, now);
    if (!move) {
      await lookAgain(change.tx, release, now);
      return { output: null };
    }
    const nature = move.kind === "rolling_back" ? ("rollback" as const) : ("planned" as const);
    const note = { evidence: toJson(evidence), nature };
    if (move.kind === "started") return begin(change, release, move, note, now);
    return followMove(change, release, move, note, now);
  },
});

/** Keeps a release that could not go on from trying for ever, and says why; others go on. */
export const setReleaseAside = defineCommand({
  name: "release.setAside",
  describe: "Pauses a release that could not go on, and says why.",
  input: inRelease.extend({ problem: z.string().max(5_000) }),
  output: stepped,
  action: "release.advance",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    requireSystem(change);
    const release = await claimRelease(change, input);
    const now = await readClock(change.tx);
    const move = asideMove(release, input.problem, now);
    if (move) return saveMove(change, release, move, {}, now);
    // It is tried again, and less often.
    const nextActionAt = new Date(now + 60_000);
    await change.tx.release.update({ where: { id: release.id }, data: { nextActionAt } });
    return { output: null };
  },
});

/** What SDKs observed is told by the worker, and by nobody else. @throws ControlError FORBIDDEN */
function requireSystem({ standing }: Pick<ProjectChange, "standing">): void {
  if (standing.actor.kind === "system") return;
  throw new ControlError("FORBIDDEN", "A release goes on by itself. Advance it, pause it or roll it back.");
}

async function readEvidence(
  { tx, project }: Pick<ProjectChange, "tx" | "project">,
  release: StoredRelease,
  observed: ObservedCounts | null,
  now: number,
): Promise<ReleaseEvidence> {
  const { environment, baseline, state, plan } = release;
  const isJudged = observed !== null && isWatched(release);
  return {
    guards: isJudged ? judgeGuards(plan, await observedInStates(tx, release, observed)) : null,
    freeze: findFreeze({ policy: environment.policy, project }, new Date(now)),
    readBack: state.status === "rolling_back" && baseline ? await tryReadBack(tx, { ...release, baseline }) : null,
  };
}

/** Null where what is served cannot be made of what is stored: then nothing is proven, and after a minute it says so. */
async function tryReadBack(tx: Transaction, release: StoredRelease & { baseline: RuleBaseline }) {
  try {
    return await readBack(tx, release);
  } catch (error) {
    if (isOfDatabase(error)) throw error;
    return null;
  }
}

/** How the guards stand, for those who look at the release. */
async function keepEvidence(tx: Transaction, release: StoredRelease, { guards }: ReleaseEvidence, now: number) {
  if (!guards) return;
  const data = { evidence: toJson(guards), evidenceAt: new Date(now) };
  await tx.release.update({ where: { id: release.id }, data });
}

/** When it waits for something, it is looked at again; no transition is written. */
async function lookAgain(tx: Transaction, release: StoredRelease, now: number) {
  const again = lookAgainAt(release, now);
  const nextActionAt = again === null ? null : new Date(again);
  await tx.release.update({ where: { id: release.id }, data: { nextActionAt } });
}

const WORKER = { kind: "system", name: "worker" } as const;

interface DueRelease {
  id: string;
  number: number;
  isWatched: boolean;
  organisation: string;
  project: string;
}

/** Releases that are taken on at a time. */
const BATCH = 100;

/**
 * Takes every release on whose time has come. Any number of workers may do so at once, and any may be killed: a
 * transition, what it serves, its audit line and its place in the release's log are one commit. One that fails is set
 * aside with the reason, and the others go on; where the database is away, it stays and is tried again.
 * @param observe reads what SDKs observed, of the releases that are watched; where it fails, nothing is known of them
 * @param onError told of what nobody expected
 * @returns how many transitions were made
 */
export async function stepDueReleases(
  database: Database,
  observe: Observe,
  onError: (error: unknown) => void = () => undefined,
): Promise<number> {
  const due = await database.$queryRaw<DueRelease[]>`
    select r.id, r.number, r.watch is not null as "isWatched", o.key as organisation, p.key as project
      from release r
      join environment e on e.id = r."environmentId" and e."archivedAt" is null
      join project p on p.id = r."projectId" and p."archivedAt" is null
      join organisation o on o.id = p."organisationId"
     where r."nextActionAt" <= clock_timestamp()
     order by r."nextActionAt", r.id limit ${BATCH}`;
  let moves = 0;
  // Once it does not answer, the others do not wait for it in this turn: of them nothing is known.
  let isAway = false;
  const observeOnce: Observe = async (place) => {
    if (isAway) throw new Error("the event store did not answer in this turn");
    try {
      return await observe(place);
    } catch (error) {
      isAway = true;
      throw error;
    }
  };
  for (const { id, number: release, isWatched: isGuarded, ...place } of due) {
    const input = { project: writeProjectAddress(place), release };
    try {
      const observed = isGuarded ? await observeRelease(database, id, observeOnce, onError) : null;
      if (await stepRelease(database, WORKER, { ...input, observed })) moves += 1;
    } catch (error) {
      const refused = error instanceof ControlError ? error : undefined;
      if (!refused) onError(error);
      if (refused ? refused.code === "BUSY" : isOfDatabase(error)) continue;
      const problem =
        refused?.message ?? "It could not go on for a reason that nobody expected; the worker's log has it.";
      await setAside(database, { ...input, problem }, onError);
    }
  }
  return moves;
}

async function setAside(
  database: Database,
  input: { project: string; release: number; problem: string },
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await setReleaseAside(database, WORKER, input);
  } catch (error) {
    // One release that cannot even be set aside must not hold the others up.
    if (!(error instanceof ControlError)) onError(error);
  }
}
