import type { Transaction } from "@telltale/db";

interface LastChange {
  sentence: string;
  actor: unknown;
  createdAt: Date;
  environment: string | null;
}

/**
 * The newest line of the audit trail of each flag of a project, by the flag's key: a look-up a flag, however long the trail.
 * The range of one key keeps PostgreSQL on the index by object: asked by `=`, it may walk the whole project's trail back to
 * a quiet flag's line.
 */
export async function readLastChanges(database: Transaction, projectId: string): Promise<Map<string, LastChange>> {
  const rows = await database.$queryRaw<(LastChange & { key: string })[]>`
    select flag.key, line.sentence, line.actor, line."createdAt", line.environment
      from flag
     cross join lateral (
       select sentence, actor, "createdAt", environment
         from audit_event
        where "projectId" = flag."projectId" and object = 'flag' and "objectKey" between flag.key and flag.key
        order by "objectKey", id desc
        limit 1) line
     where flag."projectId" = ${projectId}`;
  return new Map(rows.map(({ key, ...change }) => [key, change]));
}
