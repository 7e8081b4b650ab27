import type { Database } from "@telltale/db";
import { type Actor, actorName } from "../door/actor.ts";
import { openProject } from "../door/open.ts";

/** The audit trail, of all or of one object, newest first. `before` is the `next` of the page before. */
export async function listAudit(
  database: Database,
  actor: Actor,
  input: {
    project: string;
    before?: string | undefined;
    limit?: number | undefined;
    of?: { object: string; key: string } | undefined;
  },
) {
  const project = await openProject(database, actor, input.project);
  const limit = Math.min(input.limit ?? 100, 500);
  const rows = await database.auditEvent.findMany({
    where: {
      // What holds for the whole organisation is told in each of its projects.
      OR: [{ projectId: project.id }, { projectId: null, organisationId: project.organisationId }],
      ...(input.before ? { id: { lt: BigInt(input.before) } } : {}),
      ...(input.of ? { object: input.of.object, objectKey: input.of.key } : {}),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map((row) => ({
    id: String(row.id),
    object: row.object,
    objectKey: row.objectKey,
    environment: row.environment,
    action: row.action,
    sentence: row.sentence,
    comment: row.comment,
    actorName: actorName(row.actor),
    at: row.createdAt,
  }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
