import type { Database } from "@telltale/db";

/** Advisory lock of the worker that does the jobs; the others stand by. A killed worker's is free at once. */
export const WORKER_LOCK = 7_463_001;

/** Whether some worker holds the lock now, so that jobs are done. */
export async function isWorkerPresent(database: Database): Promise<boolean> {
  const rows = await database.$queryRaw<unknown[]>`
    select from pg_locks where locktype = 'advisory' and objid = ${WORKER_LOCK} and granted
      and database = (select oid from pg_database where datname = current_database())`;
  return rows.length > 0;
}
