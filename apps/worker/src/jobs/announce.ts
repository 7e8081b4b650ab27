import { ring } from "@telltale/control";
import type { Database } from "@telltale/db";

const KEEP_MS = 7 * 86_400_000;

/**
 * Delivers outbox rows: so far their one receiver is the edges' channel. The door has rung it already in its own
 * transaction; ringing again here reaches an edge that was reconnecting at that moment. Delivered rows go after a week.
 */
export async function announce(database: Database, now: Date): Promise<number> {
  const rows = await database.outbox.findMany({ where: { sentAt: null }, orderBy: { id: "asc" }, take: 500 });
  for (const row of rows) await ring(database, row.payload);
  if (rows.length > 0) {
    await database.outbox.updateMany({ where: { id: { in: rows.map((row) => row.id) } }, data: { sentAt: now } });
  }
  await database.outbox.deleteMany({ where: { sentAt: { lt: new Date(now.getTime() - KEEP_MS) } } });
  return rows.length;
}
