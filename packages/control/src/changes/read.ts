import type { Database, Model } from "@telltale/db";
import { z } from "zod";
import { type Actor, actorName } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { previewLine } from "./fingerprint.ts";
import { changeState, commandList } from "./state.ts";

const listed = z.object({
  change: z.number(),
  title: z.string(),
  state: changeState,
  authorName: z.string(),
  /** Sentences of what it does. */
  preview: z.array(previewLine),
  scheduledAt: z.date().nullable(),
  timeZone: z.string().nullable(),
  appliedAt: z.date().nullable(),
  /** Why it could not be applied. */
  problem: z.string().nullable(),
  createdAt: z.date(),
});
/** Change-sets as they are listed. */
export const changeList = z.array(listed);

const noteShape = z.object({
  kind: z.enum(["remark", "approval", "refusal"]),
  text: z.string(),
  actorName: z.string(),
  /** Of an approval: whether it is for what the change does now. */
  isCurrent: z.boolean(),
  at: z.date(),
});

/** A change-set with all that was said of it. */
export const changeDetail = listed.extend({
  description: z.string(),
  /** What an approval of it is for. */
  fingerprint: z.string(),
  revision: z.number(),
  commands: commandList,
  notes: z.array(noteShape),
  canRevert: z.boolean(),
  /** Whether the actor wrote part of it: nobody approves their own change. */
  isOwn: z.boolean(),
});

function describeRow(row: Model.ChangeSet): z.output<typeof listed> {
  const { number: change, title, state, author, preview, scheduledAt, timeZone, appliedAt, problem, createdAt } = row;
  return {
    change,
    title,
    state,
    scheduledAt,
    timeZone,
    appliedAt,
    problem,
    createdAt,
    authorName: actorName(author),
    preview: z.array(previewLine).parse(preview),
  };
}

/** A project's change-sets, newest first. */
export async function listChanges(
  database: Database,
  actor: Actor,
  input: { project: string; isOpen?: boolean | undefined; limit?: number | undefined },
): Promise<z.output<typeof changeList>> {
  const project = await openProject(database, actor, input.project);
  const closed = ["applied", "declined", "superseded"] as const;
  const rows = await database.changeSet.findMany({
    where: {
      projectId: project.id,
      ...(input.isOpen === undefined ? {} : { state: input.isOpen ? { notIn: [...closed] } : { in: [...closed] } }),
    },
    orderBy: { number: "desc" },
    take: input.limit ?? 100,
  });
  return rows.map(describeRow);
}

/** One change-set. @throws ControlError NOT_FOUND */
export async function getChange(
  database: Database,
  actor: Actor,
  input: { project: string; change: number },
): Promise<z.output<typeof changeDetail>> {
  const project = await openProject(database, actor, input.project);
  const where = { projectId_number: { projectId: project.id, number: input.change } };
  const row = await database.changeSet.findUnique({ where, include: { notes: { orderBy: { createdAt: "asc" } } } });
  if (!row) throw notFound("change", String(input.change));
  const { description, fingerprint, revision, commands, notes, inverse, state } = row;
  return {
    ...describeRow(row),
    description,
    fingerprint,
    revision,
    commands: commandList.parse(commands),
    notes: notes.map((note) => ({
      kind: note.kind,
      text: note.text,
      actorName: actorName(note.actor),
      at: note.createdAt,
      isCurrent: note.kind !== "approval" || note.fingerprint === fingerprint,
    })),
    canRevert: state === "applied" && inverse !== null,
    isOwn: actor.kind === "user" && (actor.userId === row.authorId || row.writerIds.includes(actor.userId)),
  };
}
