import type { Database } from "@telltale/db";

/** Which versions stay; what they are rebuilt from stays with them. */
export interface Retention {
  /** So many of each environment's newest. */
  versions: number;
  /** And all that were published since. */
  since: Date;
}

/**
 * Removes versions that nothing needs any more. What was served when an experiment started or was stopped stays, and so
 * does every whole version and change that a version that stays is rebuilt from.
 * @returns how many rows went
 */
export async function pruneRulesets(database: Database, keep: Retention): Promise<number> {
  const environments = await database.environment.findMany({ where: { publishedVersion: { gt: keep.versions } } });
  let removed = 0;
  for (const { id, publishedVersion } of environments) {
    const oldest = await oldestKept(database, id, publishedVersion - keep.versions + 1, keep.since);
    const [needed, wholes] = [await versionsReferredTo(database, id, oldest), await wholeVersions(database, id)];
    for (const [from, to] of unneeded(wholes, [...needed, oldest])) {
      removed += await database.$executeRaw`
        delete from ruleset_version where "environmentId" = ${id} and version between ${from} and ${to}`;
    }
    removed += await database.$executeRaw`
      delete from ruleset r using environment e
       where r."environmentId" = ${id} and e.id = r."environmentId" and r.version < least(${oldest}::int, e."rulesetVersion")
         and not r.version = any(${needed}::int[])`;
  }
  return removed;
}

async function oldestKept(database: Database, environmentId: string, oldest: number, since: Date): Promise<number> {
  const [row] = await database.$queryRaw<{ version: number | null }[]>`
    select min(version) as version from ruleset_version
     where "environmentId" = ${environmentId} and "createdAt" >= ${since} and version < ${oldest}`;
  return row?.version ?? oldest;
}

/** What was served at the moments that experiments refer to: the version before each moment, of both kinds of rows. */
async function versionsReferredTo(database: Database, environmentId: string, below: number): Promise<number[]> {
  const rows = await database.$queryRaw<{ version: number | null }[]>`
    select distinct (
             select max(v.version) from (
               select version, "createdAt" from ruleset_version where "environmentId" = ${environmentId}
               union all
               select version, "createdAt" from ruleset where "environmentId" = ${environmentId}
             ) v where v."createdAt" <= m.at
           ) as version
      from experiment x
      cross join lateral (values (x."startedAt"), (x."stoppedAt"), (x."endedAt")) m (at)
     where x."environmentId" = ${environmentId} and m.at is not null`;
  return rows.flatMap(({ version }) => (version !== null && version < below ? [version] : []));
}

async function wholeVersions(database: Database, environmentId: string): Promise<number[]> {
  const rows = await database.rulesetVersion.findMany({
    where: { environmentId, isWhole: true, audience: "client" },
    select: { version: true },
    orderBy: { version: "asc" },
  });
  return rows.map(({ version }) => version);
}

/**
 * Ranges of versions that no needed one is rebuilt from: from behind the last needed version of a stretch to before the
 * next whole one; all of a stretch where none of it is needed.
 */
export function unneeded(wholes: readonly number[], needed: readonly number[]): [from: number, to: number][] {
  const newest = Math.max(...needed);
  return wholes.flatMap((whole, i): [number, number][] => {
    const next = wholes[i + 1];
    // The stretch of the oldest that is kept, and all after it.
    if (next === undefined || next > newest) return [];
    const inStretch = needed.filter((version) => version >= whole && version < next);
    const from = inStretch.length > 0 ? Math.max(...inStretch) + 1 : whole;
    return from < next ? [[from, next - 1]] : [];
  });
}
