import type { Database, Model, Transaction } from "@telltale/db";
import {
  exposedParts,
  GUARD_ACTIONS,
  isOffered,
  partsBefore,
  readReleaseState,
  releasePlanSchema,
  VERBS,
  type Verb,
  waitsOf,
} from "@telltale/release";
import { z } from "zod";
import { type Actor, actorName } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { findFreeze } from "../door/policy.ts";
import { releaseStatus } from "./shapes.ts";
import { readClock, readRelease } from "./store.ts";

const listedRelease = z.object({
  release: z.number(),
  flag: z.string(),
  environment: z.object({ key: z.string(), name: z.string(), critical: z.boolean() }),
  status: releaseStatus,
  plan: releasePlanSchema,
  /** Index of the step that is served; behind the last one all are served the variant. -1: it has not started. */
  step: z.number(),
  /** Units of the rule that are served the variant, parts of 100,000; null: what was served before. */
  parts: z.number().nullable(),
  /** Why it is paused. */
  pause: z.object({ reason: z.string(), sentence: z.string() }).nullable(),
  isStalled: z.boolean(),
  createdBy: z.string(),
  createdAt: z.date(),
  /** Of its last transition, or of its plan. */
  updatedAt: z.date(),
});
/** Releases as they are listed. */
export const releaseList = z.array(listedRelease);

const wait = z.discriminatedUnion("code", [
  z.object({ code: z.literal("time"), until: z.number() }),
  z.object({ code: z.literal("approval") }),
  z.object({ code: z.literal("units"), have: z.number(), need: z.number() }),
  z.object({ code: z.literal("silence") }),
  z.object({ code: z.literal("evidence") }),
  z.object({ code: z.literal("freeze"), until: z.number(), reason: z.string() }),
]);

const guardReading = z.object({
  metric: z.string(),
  action: z.enum(GUARD_ACTIONS),
  state: z.enum(["breached", "cleared", "undecided", "unknown"]),
  /** Why nothing is compared, or why there is no effect. */
  reason: z.enum(["no_units", "no_treated", "no_control", "no_failures", "zero_baseline"]).nullable(),
  /** How many times as often units fail with the variant, with bounds that hold at every look at once. */
  effect: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** What is tolerated. */
  limit: z.number(),
  /** log of the evidence of harm so far, and what breaks the guard. */
  logEvidence: z.number(),
  neededEvidence: z.number(),
  /** Units that failed with the variant, and without it. */
  treated: z.number(),
  control: z.number(),
});
const guardEvidence = z.object({
  readings: z.array(guardReading),
  treatedUnits: z.number(),
  /** When a unit was last served the variant, milliseconds since 1970. */
  servedAt: z.number().nullable(),
});
/** The worker reads every two seconds; what is much older says that it could not. */
const FRESH_MS = 15_000;

const transition = z.object({
  sequence: z.number(),
  kind: z.string(),
  sentence: z.string(),
  comment: z.string(),
  actorName: z.string(),
  /** Units that were served the variant since then, parts of 100,000; null: what was served before. */
  parts: z.number().nullable(),
  /** The flag's revision that serves it. */
  revision: z.number().nullable(),
  at: z.date(),
});

/** A release with its log. */
export const releaseDetail = listedRelease.extend({
  stateVersion: z.number(),
  /** Units that were served the variant before it, parts of 100,000; null: it has not started. */
  partsBefore: z.number().nullable(),
  /** What it waits for before it goes on by itself. */
  waits: z.array(wait),
  /** What can be done with it now. */
  verbs: z.array(z.enum(Object.keys(VERBS) as [Verb, ...Verb[]])),
  /** Whether the step that it is at is approved. */
  isApproved: z.boolean(),
  /** How the guards stood when the worker looked last; null: there are none, or it has not looked. */
  evidence: guardEvidence.nullable(),
  evidenceAt: z.date().nullable(),
  /** When it starts by itself. */
  startAt: z.date().nullable(),
  transitions: z.array(transition),
});

type Row = Model.Release & { flag: Model.Flag; environment: Model.Environment };

function describeRelease(row: Row): z.output<typeof listedRelease> {
  const { plan, state } = readRelease(row);
  const { key, name, critical } = row.environment;
  return {
    release: row.number,
    flag: row.flag.key,
    environment: { key, name, critical },
    status: row.status,
    plan,
    step: state.step,
    parts: exposedParts(plan, state),
    pause: state.pause && { reason: state.pause.reason, sentence: state.pause.sentence },
    isStalled: state.isStalled,
    createdBy: actorName(row.createdBy),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** A project's releases, newest first, at most 200; those of a flag, or those that are not over, where it is said so. */
export async function listReleases(
  database: Database,
  actor: Actor,
  input: { project: string; flag?: string | undefined; isOpen?: boolean | undefined },
): Promise<z.output<typeof releaseList>> {
  const project = await openProject(database, actor, input.project);
  const rows = await database.release.findMany({
    where: {
      projectId: project.id,
      environment: { archivedAt: null },
      ...(input.flag === undefined ? {} : { flag: { key: input.flag } }),
      ...(input.isOpen === undefined ? {} : { status: input.isOpen ? { notIn: OVER } : { in: OVER } }),
    },
    include: { flag: true, environment: true },
    orderBy: { number: "desc" },
    take: 200,
  });
  return rows.map(describeRelease);
}

const OVER: Model.Release["status"][] = ["decommissioned", "rolled_back", "cancelled"];

/** One release with its log, at most its newest 500 transitions. @throws ControlError NOT_FOUND */
export async function getRelease(
  database: Database,
  actor: Actor,
  input: { project: string; release: number },
): Promise<z.output<typeof releaseDetail>> {
  const project = await openProject(database, actor, input.project);
  const row = await database.release.findUnique({
    where: { projectId_number: { projectId: project.id, number: input.release } },
    include: { flag: true, environment: true, transitions: { orderBy: { sequence: "desc" }, take: 500 } },
  });
  if (!row) throw notFound("release", String(input.release));
  const { plan, state, baseline } = readRelease(row);
  const now = await readClock(database as Pick<Transaction, "$queryRaw">);
  const isFresh = row.evidenceAt !== null && now - row.evidenceAt.getTime() < FRESH_MS;
  const evidence = row.evidence === null ? null : guardEvidence.parse(row.evidence);
  const freeze = findFreeze({ policy: row.environment.policy, project }, new Date(now));
  return {
    ...describeRelease(row),
    stateVersion: row.stateVersion,
    partsBefore: baseline && partsBefore(plan, baseline),
    waits: waitsOf({ plan, state }, { freeze, readBack: null, guards: isFresh ? evidence : null }, now),
    evidence,
    evidenceAt: row.evidenceAt,
    verbs: (Object.keys(VERBS) as Verb[]).filter((verb) => isOffered(verb, row.status)),
    isApproved: state.approvedStep === state.step,
    startAt: state.startAt === null ? null : new Date(state.startAt),
    transitions: row.transitions.map(
      ({ sequence, kind, sentence, comment, after, revision, actor: by, createdAt }) => ({
        sequence,
        kind,
        sentence,
        comment,
        actorName: actorName(by),
        parts: exposedParts(plan, readReleaseState(after)),
        revision,
        at: createdAt,
      }),
    ),
  };
}
