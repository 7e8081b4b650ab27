import { createHash } from "node:crypto";
import { canonical } from "@telltale/configuration";
import type { Database, Model, Prisma, Transaction } from "@telltale/db";
import type { ActorRecord } from "./actor.ts";
import type { AuditLine } from "./change.ts";

interface Origin {
  requestId?: string | null | undefined;
}

/**
 * Numbers a commit's audit lines and chains them to those before, as its last statement: the organisation's head is
 * locked no longer than that. Numbers have no gaps, so that one is a cursor of everything that happened.
 * @returns the number of the last line; null where there is none
 */
export async function seal(
  tx: Transaction,
  organisation: Model.Organisation,
  actor: ActorRecord,
  lines: readonly AuditLine[],
  { requestId = null }: Origin = {},
): Promise<bigint | null> {
  if (lines.length === 0) return null;
  const organisationId = organisation.id;
  await tx.organisationHead.createMany({ data: [{ organisationId }], skipDuplicates: true });
  const [head] = await tx.$queryRaw<{ sequence: bigint; hash: string }[]>`
    select sequence, hash from organisation_head where "organisationId" = ${organisationId} for update`;
  if (!head) throw new Error("an organisation has a head");
  let { sequence, hash } = head;
  const createdAt = new Date();
  const rows = lines.map((line) => {
    sequence += 1n;
    const row = {
      organisationId,
      projectId: line.projectId,
      sequence,
      command: line.command,
      createdAt,
      object: line.object,
      objectKey: line.objectKey,
      environment: line.environment ?? null,
      action: line.action ?? verbOf(line.command),
      sentence: line.sentence,
      comment: line.comment ?? "",
      actor: { ...actor },
      detail: line.detail ?? {},
      requestId,
    };
    hash = hashOf(hash, row);
    return { ...row, hash };
  });
  await tx.auditEvent.createMany({ data: rows });
  await tx.organisationHead.update({ where: { organisationId }, data: { sequence, hash } });
  return sequence;
}

function verbOf(command: string): string {
  return command.slice(command.indexOf(".") + 1);
}

type Chained = Omit<Prisma.AuditEventUncheckedCreateInput, "id" | "hash" | "createdAt"> & { createdAt: Date };

/** What is chained of a line, each member by its name. */
const CHAINED = [
  "organisationId",
  "projectId",
  "sequence",
  "command",
  "object",
  "objectKey",
  "environment",
  "action",
  "sentence",
  "comment",
  "actor",
  "detail",
  "requestId",
] as const satisfies readonly (keyof Chained)[];

/** sha-256 of the line before and this one in canonical form: a database re-orders members, and changes nothing else. */
function hashOf(before: string, row: Chained): string {
  const own = Object.fromEntries(CHAINED.map((name) => [name, row[name]]));
  const text = canonical({ ...own, sequence: String(row.sequence), at: row.createdAt.toISOString(), before });
  return createHash("sha256").update(text).digest("hex");
}

/** How an audit trail is not what was written. */
export type AuditFault =
  /** The line is not there, and later ones are. */
  | "missing"
  /** The line, or its link to the one before, is not as it was written. */
  | "altered"
  /** The last lines are not there. */
  | "cut"
  /** The lines follow from each other, but are not those that the head was written with. */
  | "rewritten"
  /** There are lines that the head does not know. */
  | "added";

/** What a walk along an organisation's audit trail found. */
export type Verified = {
  /** Lines that follow from those before. */
  lines: number;
  /** Number of the last line that was written, as the head keeps it. */
  head: bigint;
} & (
  | { ok: true /** Hash of the last line, to be kept elsewhere. */; hash: string }
  | { ok: false; fault: AuditFault /** The first line that does not follow from those before. */; sequence: bigint }
);

const PAGE = 1_000;

/**
 * Recomputes the chain of an organisation's audit trail from its first line up to its head: any line changed, added or
 * lost shows. Lines may be written meanwhile.
 */
export async function verifyAudit(database: Database, organisationId: string): Promise<Verified> {
  // A line and the head that knows it are written by one commit: of two looks the later one knows more.
  const { _max } = await database.auditEvent.aggregate({ where: { organisationId }, _max: { sequence: true } });
  const head = await database.organisationHead.findUnique({ where: { organisationId } });
  const end = head?.sequence ?? 0n;
  let [lines, hash, last] = [0, "", 0n];
  const broken = (fault: AuditFault, sequence: bigint): Verified => ({ ok: false, lines, head: end, fault, sequence });
  while (last < end) {
    const page = await database.auditEvent.findMany({
      where: { organisationId, sequence: { gt: last, lte: end } },
      orderBy: { sequence: "asc" },
      take: PAGE,
    });
    if (page.length === 0) return broken("cut", last + 1n);
    for (const { hash: stored, detail, actor, sequence, ...own } of page) {
      if (sequence === null || sequence !== last + 1n) return broken("missing", last + 1n);
      const found = hashOf(hash, { ...own, sequence, detail: detail as never, actor: actor as never });
      if (found !== stored) return broken("altered", sequence);
      [lines, hash, last] = [lines + 1, found, sequence];
    }
  }
  if (hash !== (head?.hash ?? "")) return broken("rewritten", end);
  if ((_max.sequence ?? 0n) > end) return broken("added", end + 1n);
  return { ok: true, lines, head: end, hash };
}
