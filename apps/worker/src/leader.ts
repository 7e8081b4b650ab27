import { WORKER_LOCK } from "@telltale/control";
import type { Database } from "@telltale/db";

/**
 * Whether this process is the one worker that works now. The lock belongs to the session, so a killed worker frees it
 * at once. `database` must have a pool of one: locking again on the same session is free; a new session has to get the
 * lock again.
 */
export async function isLeader(database: Database): Promise<boolean> {
  const rows = await database.$queryRaw<{ held: boolean }[]>`
    select case when exists (
             select from pg_locks where locktype = 'advisory' and objid = ${WORKER_LOCK} and pid = pg_backend_pid() and granted
           ) then true else pg_try_advisory_lock(${WORKER_LOCK}) end as held`;
  return rows[0]?.held ?? false;
}
