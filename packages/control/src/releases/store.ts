import { readServe } from "@telltale/configuration";
import { type Model, Prisma, type Transaction } from "@telltale/db";
import {
  isWatched,
  lookAgainAt,
  type Move,
  OWNING,
  type ReleasePlan,
  type ReleaseState,
  type RuleBaseline,
  readReleaseState,
  releasePlanSchema,
} from "@telltale/release";
import { z } from "zod";
import type { Nature, ProjectChange } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import type { releaseMoved } from "./shapes.ts";

/** A release with its JSON columns read. */
export type StoredRelease = Omit<Model.Release, "plan" | "state" | "baseline"> & {
  plan: ReleasePlan;
  state: ReleaseState;
  baseline: RuleBaseline | null;
  flag: Model.Flag;
  environment: Model.Environment;
};

const storedBaseline: z.ZodType<RuleBaseline> = z.object({
  serve: z.unknown().transform(readServe),
  line: z.object({ by: z.string(), salt: z.string() }),
});

/** Reads the columns that hold JSON: the one place where they come out of the database. */
export function readRelease<R extends Model.Release>(
  row: R,
): Omit<R, "plan" | "state" | "baseline"> & Pick<StoredRelease, "plan" | "state" | "baseline"> {
  const { plan, state, baseline } = row;
  return {
    ...row,
    plan: releasePlanSchema.parse(plan),
    state: readReleaseState(state),
    baseline: baseline === null ? null : storedBaseline.parse(baseline),
  };
}

/**
 * The release, held until the commit is done. Its environment is locked before it, as by a change of a flag, so that two
 * that act on the same flag come one after the other.
 * @throws ControlError NOT_FOUND; CONFLICT where it has moved on since the caller saw it
 */
export async function claimRelease(
  { tx, project }: Pick<ProjectChange, "tx" | "project">,
  input: { release: number; expectedStateVersion?: number | undefined },
): Promise<StoredRelease> {
  const where = { projectId_number: { projectId: project.id, number: input.release } };
  const seen = await tx.release.findUnique({ where });
  if (!seen) throw notFound("release", String(input.release));
  await tx.$queryRaw`select 1 from environment where id = ${seen.environmentId} for update`;
  await tx.$queryRaw`select 1 from release where id = ${seen.id} for update`;
  const row = await tx.release.findUniqueOrThrow({ where, include: { flag: true, environment: true } });
  const release = readRelease(row);
  const { expectedStateVersion: expected = release.stateVersion } = input;
  if (expected === release.stateVersion) return release;
  const message = "The release has moved on meanwhile. Look at it, then do what you still want to do.";
  throw new ControlError("CONFLICT", message, { stateVersion: release.stateVersion, status: release.status });
}

/** The database's clock, milliseconds since 1970: no worker's or server's clock decides when a release goes on. */
export async function readClock(tx: Pick<Transaction, "$queryRaw">): Promise<number> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  const [row] = rows;
  if (!row) throw new Error("The database has told no time.");
  return row.now.getTime();
}

/** What stands beside a transition. */
export interface TransitionNote {
  /** In the words of who acted. */
  comment?: string | undefined;
  /** What was known when it was decided. */
  evidence?: Prisma.InputJsonValue;
  /** The flag's revision that serves it, where something else is served. */
  revision?: number | undefined;
  baseline?: RuleBaseline | undefined;
  /** What it is to policies; ordinary unless given. */
  nature?: Nature | undefined;
}

/** What the flag and the environment of a release are called where it owns them. */
export function ownedBy({ flagId, environmentId }: Pick<Model.Release, "flagId" | "environmentId">): string {
  return `${flagId}/${environmentId}`;
}

/** Writes where a release is now, its transition and the audit line. */
export async function saveMove(
  change: ProjectChange,
  release: StoredRelease,
  move: Move,
  note: TransitionNote,
  now: number,
): Promise<Applied<z.output<typeof releaseMoved>>> {
  const { tx } = change;
  const { plan, state: before } = release;
  const { kind, to: after, sentence } = move;
  const sequence = release.stateVersion + 1;
  const again = lookAgainAt({ plan, state: after }, now);
  const baseline = note.baseline ?? release.baseline;
  const version = await versionServing(change, release, { move, note });
  const owner = await findOwner(tx, release);
  const isFree = owner === null || owner.id === release.id;
  await tx.release.update({
    where: { id: release.id, stateVersion: release.stateVersion },
    data: {
      status: after.status,
      state: { ...after },
      stateVersion: sequence,
      // A completed one that is rolled back while another waits for its start leaves the flag to that one.
      owns: isFree && (OWNING as readonly string[]).includes(after.status) ? ownedBy(release) : null,
      nextActionAt: again === null ? null : new Date(again),
      ...(note.baseline ? { baseline: toJson(note.baseline) } : {}),
      watch: isWatched({ plan, state: after }) && baseline ? toJson(watchOf(plan, baseline)) : Prisma.DbNull,
    },
  });
  const { comment = "", evidence = {}, revision = null } = note;
  await tx.releaseTransition.create({
    data: {
      releaseId: release.id,
      sequence,
      kind,
      before: { ...before },
      after: { ...after },
      sentence,
      comment,
      evidence,
      revision,
      version,
      actor: { ...change.actor },
    },
  });
  change.audit({
    object: "release",
    objectKey: String(release.number),
    environment: release.environment.key,
    sentence: `${release.flag.key}: ${sentence}`,
    comment,
    detail: { kind, before: { ...before }, after: { ...after }, evidence },
  });
  return { output: { release: release.number, status: after.status, stateVersion: sequence, sentence } };
}

/** What SDKs observe for a release: its unit, and above what a value is a failing one. */
function watchOf({ guards }: ReleasePlan, { line }: RuleBaseline) {
  const above = guards.flatMap((guard) => (guard.above === undefined ? [] : [[guard.metric, guard.above] as const]));
  return { by: line.by, ...(above.length > 0 ? { above: Object.fromEntries(above) } : {}) };
}

/**
 * The ruleset version that this commit publishes for the transition, if it publishes one: the environment is locked, so
 * that it is the next. Where SDKs are to begin or to end watching, one is published though the flag stays as it is.
 */
async function versionServing(
  change: ProjectChange,
  release: StoredRelease,
  { move, note }: { move: Move; note: TransitionNote },
): Promise<number | null> {
  const { plan, state, environmentId } = release;
  const isOurs = isWatched({ plan, state }) === isWatched({ plan, state: move.to });
  const isBack = move.kind === "resumed" && state.pause?.reason === "conflict";
  if (!isOurs || isBack) change.touch(environmentId, {}, note.nature);
  if (!change.journal.touched.has(environmentId)) return null;
  const row = await change.tx.environment.findUniqueOrThrow({ where: { id: environmentId } });
  return Math.max(row.publishedVersion, row.rulesetVersion) + 1;
}

/** JSON of a value that has only what JSON has. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}

/** The release that owns a flag in an environment, if one does. */
function findOwner(
  tx: Transaction,
  place: Pick<Model.Release, "flagId" | "environmentId">,
): Promise<Model.Release | null> {
  return tx.release.findUnique({ where: { owns: ownedBy(place) } });
}

/** Refuses what needs the flag to itself, while a release owns it there. @throws ControlError INVALID naming the release */
export async function refuseOwned(
  tx: Transaction,
  place: Pick<StoredRelease, "flagId" | "environmentId" | "flag" | "environment"> & { id: string },
): Promise<void> {
  const owner = await findOwner(tx, place);
  if (!owner || owner.id === place.id) return;
  const where = `"${place.flag.key}" in ${place.environment.name}`;
  throw invalid([`Release ${owner.number} owns ${where}. Let it end, or roll it back first.`]);
}
