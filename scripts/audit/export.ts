import { type AuditRecord, readTrail } from "@telltale/control";
import type { Database } from "@telltale/db";
import { csvRow } from "@telltale/ui/csv";

export const formats = ["jsonl", "csv"] as const;
export type Format = (typeof formats)[number];

/** Each column of the CSV file, and what stands in it. Values that are no text or number are JSON. */
const columns: Record<string, (record: AuditRecord) => string | number | null> = {
  number: ({ number }) => number,
  at: ({ at }) => at,
  project: ({ project }) => project,
  environment: ({ environment }) => environment,
  command: ({ command }) => command,
  object: ({ object }) => object,
  key: ({ key }) => key,
  action: ({ action }) => action,
  sentence: ({ sentence }) => sentence,
  comment: ({ comment }) => comment,
  "actor kind": ({ actor }) => actor.kind,
  "actor id": ({ actor }) => actor.id,
  "actor name then": ({ actor }) => actor.name,
  "actor name now": ({ actor }) => actor.nameNow,
  "token id": ({ token }) => token?.id ?? null,
  "token name": ({ token }) => token?.name ?? null,
  "request id": ({ requestId }) => requestId,
  before: ({ before }) => toJson(before),
  after: ({ after }) => toJson(after),
  detail: ({ detail }) => (Object.keys(detail).length === 0 ? null : toJson(detail)),
  hash: ({ hash }) => hash,
};

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Writes the trail, a batch at a time: the next is read when the last is taken. @returns how many lines */
export async function exportTrail(
  database: Database,
  { format, ...which }: { organisationId: string; since?: bigint | undefined; format: Format },
  write: (text: string) => Promise<void>,
): Promise<number> {
  let lines = 0;
  const names = Object.keys(columns);
  const toLine = (record: AuditRecord) =>
    format === "csv" ? `${csvRow(Object.values(columns).map((of) => of(record)))}\r\n` : `${JSON.stringify(record)}\n`;
  if (format === "csv") await write(`${csvRow(names)}\r\n`);
  for await (const records of readTrail(database, which)) {
    await write(records.map(toLine).join(""));
    lines += records.length;
  }
  return lines;
}
