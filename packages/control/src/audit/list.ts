import type { Database } from "@telltale/db";
import { type Actor, actorId, actorName } from "../door/actor.ts";
import { openProject } from "../door/open.ts";
import { SECURITY_COMMANDS } from "../sign-in/security-events.ts";

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
  const project = await openProject(database, actor, input.project, "audit.read");
  const limit = Math.min(input.limit ?? 100, 500);
  const rows = await database.auditEvent.findMany({
    where: {
      // What holds for the whole organisation is told in each of its projects.
      OR: [
        { projectId: project.id },
        {
          projectId: null,
          organisationId: project.organisationId,
          NOT: { command: { startsWith: SECURITY_COMMANDS } },
        },
      ],
      ...(input.before ? { id: { lt: BigInt(input.before) } } : {}),
      ...(input.of ? { object: input.of.object, objectKey: input.of.key } : {}),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const names = await readNames(database, rows);
  const items = rows.slice(0, limit).map((row) => ({
    id: String(row.id),
    object: row.object,
    objectKey: row.objectKey,
    environment: row.environment,
    action: row.action,
    sentence: row.sentence,
    comment: row.comment,
    actorName: actorName(row.actor),
    actorNameNow: newName(row.actor, names),
    at: row.createdAt,
  }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The names that people have now, by id. */
async function readNames(database: Database, rows: readonly { actor: unknown }[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ actor }) => actorId(actor) ?? []))];
  const people = await database.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(people.map(({ id, name }) => [id, name]));
}

/** The name that somebody has now, where it is another one than in the line. */
function newName(actor: unknown, names: ReadonlyMap<string, string>): string | null {
  const now = names.get(actorId(actor) ?? "");
  return now === undefined || now === actorName(actor) ? null : now;
}
