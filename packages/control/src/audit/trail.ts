import type { Database, Model } from "@telltale/db";
import { actorId, actorName } from "../door/actor.ts";

/** A line of the audit trail, whole, for who keeps it elsewhere. */
export interface AuditRecord {
  /** Its place in the organisation's chain; null for lines of releases before the chain. */
  number: number | null;
  at: string;
  /** Keys; null where it holds for more. */
  project: string | null;
  environment: string | null;
  command: string | null;
  object: string;
  key: string;
  action: string;
  sentence: string;
  comment: string;
  actor: {
    kind: string;
    /** Of the person; null: nobody's. */
    id: string | null;
    /** As it was then. */
    name: string;
    /** As it is now; null where there is no such person or token any more. */
    nameNow: string | null;
  };
  token: { id: string; name: string } | null;
  requestId: string | null;
  before: unknown;
  after: unknown;
  /** What else is known of it. */
  detail: Record<string, unknown>;
  hash: string | null;
}

interface TrailOptions {
  organisationId: string;
  /** Only lines behind this number. */
  since?: bigint | undefined;
}

const PAGE = 1_000;
type Row = Model.AuditEvent & { project: { key: string } | null };

/**
 * Walks along an organisation's audit trail, a batch at a time: first the lines from before the chain, which have no
 * number, then those of the chain in their order.
 */
export async function* readTrail(database: Database, { organisationId, since }: TrailOptions) {
  const include = { project: { select: { key: true } } };
  if (since === undefined) {
    const where = { sequence: null, OR: [{ organisationId }, { project: { organisationId } }] };
    for (let last = 0n; ; ) {
      const rows = await database.auditEvent.findMany({
        where: { ...where, id: { gt: last } },
        include,
        orderBy: { id: "asc" },
        take: PAGE,
      });
      if (rows.length > 0) yield await describe(database, organisationId, rows);
      last = rows.at(-1)?.id ?? last;
      if (rows.length < PAGE) break;
    }
  }
  for (let last = since ?? 0n; ; ) {
    const rows = await database.auditEvent.findMany({
      where: { organisationId, sequence: { gt: last } },
      include,
      orderBy: { sequence: "asc" },
      take: PAGE,
    });
    if (rows.length > 0) yield await describe(database, organisationId, rows);
    last = rows.at(-1)?.sequence ?? last;
    if (rows.length < PAGE) break;
  }
}

async function describe(database: Database, organisationId: string, rows: readonly Row[]): Promise<AuditRecord[]> {
  const ids = [...new Set(rows.flatMap(({ actor }) => [actorId(actor), userIdOf(actor)]).filter((id) => id !== null))];
  const tokens = await database.token.findMany({ where: { organisationId, id: { in: ids } } });
  const tokenById = new Map(tokens.map((token) => [token.id, token]));
  const userIds = [...ids, ...tokens.flatMap(({ userId }) => userId ?? [])];
  const users = await database.user.findMany({ where: { id: { in: userIds } }, select: { id: true, name: true } });
  const nameById = new Map(users.map(({ id, name }) => [id, name]));
  return rows.map((row) => {
    const id = actorId(row.actor);
    const token = id === null ? undefined : tokenById.get(id);
    const userId = userIdOf(row.actor) ?? (isOfToken(row.actor, token) ? null : id);
    const { before = null, after = null, ...detail } = readDetail(row.detail);
    return {
      number: row.sequence === null ? null : Number(row.sequence),
      at: row.createdAt.toISOString(),
      project: row.project?.key ?? null,
      environment: row.environment,
      command: row.command,
      object: row.object,
      key: row.objectKey,
      action: row.action,
      sentence: row.sentence,
      comment: row.comment,
      actor: {
        kind: kindOf(row.actor),
        id: userId,
        name: actorName(row.actor),
        nameNow: (userId === null ? token?.name : nameById.get(userId)) ?? null,
      },
      token: isOfToken(row.actor, token) ? { id: id ?? "", name: token?.name ?? "" } : null,
      requestId: row.requestId,
      before,
      after,
      detail,
      hash: row.hash,
    };
  });
}

/** An agent's id is of whom it acts for: a person, or a token. */
function isOfToken(actor: unknown, token: Model.Token | undefined): boolean {
  return token !== undefined || kindOf(actor) === "token";
}

function kindOf(actor: unknown): string {
  return typeof actor === "object" && actor !== null && "kind" in actor ? String(actor.kind) : "unknown";
}

function userIdOf(actor: unknown): string | null {
  if (typeof actor !== "object" || actor === null || !("userId" in actor)) return null;
  return typeof actor.userId === "string" ? actor.userId : null;
}

function readDetail(detail: unknown): Record<string, unknown> {
  return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? { ...detail } : {};
}
