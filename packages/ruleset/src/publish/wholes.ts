import type { Database } from "@telltale/db";
import { assemble } from "../read/assemble.ts";
import { ring } from "./publish.ts";
import { readEntries } from "./rebuild.ts";
import { AUDIENCES } from "./step.ts";

/** Every so many versions one is stored whole, so that no version is further than this from one. */
const WHOLE_EVERY = 50;

/**
 * Stores every fiftieth version whole as well: for the worker, since its cost grows with all flags.
 * @returns how many versions are whole now that were not
 */
export async function keepWholes(database: Database): Promise<number> {
  const late = await database.$queryRaw<{ id: string; whole: number; newest: number }[]>`
    select e.id, w.version as whole, e."publishedVersion" as newest
      from environment e
      cross join lateral (
        select v.version from ruleset_version v
         where v."environmentId" = e.id and v.audience = 'client' and v."isWhole" order by v.version desc limit 1) w
     where e."publishedVersion" - w.version >= ${WHOLE_EVERY}
     order by e.id`;
  let stored = 0;
  await eachAlone(late, async ({ id, whole, newest }) => {
    for (let version = whole + WHOLE_EVERY; version <= newest; version += WHOLE_EVERY) {
      if (await keepWhole(database, id, version)) stored++;
    }
  });
  return stored;
}

async function keepWhole(database: Database, environmentId: string, version: number): Promise<boolean> {
  const rows = await Promise.all(
    AUDIENCES.map(async (audience) => {
      const entries = await readEntries(database, environmentId, audience, version);
      if (!entries) return [];
      const content = JSON.stringify(entries.changes());
      return [{ environmentId, audience, version, isWhole: true, content, digest: entries.digest }];
    }),
  );
  const { count } = await database.rulesetVersion.createMany({ data: rows.flat(), skipDuplicates: true });
  return count > 0;
}

/**
 * Writes the newest version as the whole documents that edges of the release before read, and tells them; to be dropped
 * in the next release. The environment is locked for the one moment in which its number moves. Where many versions came
 * at once, only the newest is written, and it takes the place of the one before.
 * @returns the environments' ids
 */
export async function writeDocuments(database: Database): Promise<string[]> {
  const behind = await database.$queryRaw<{ id: string; version: number; before: number }[]>`
    select id, "publishedVersion" as version, "rulesetVersion" as before from environment
     where "publishedVersion" > "rulesetVersion" order by id`;
  await eachAlone(behind, async ({ id: environmentId, version, before }) => {
    const documents = await Promise.all(
      AUDIENCES.map(async (audience) => {
        const entries = await readEntries(database, environmentId, audience, version);
        if (!entries) throw new Error(`Version ${version} of environment ${environmentId} cannot be rebuilt.`);
        const document = assemble(entries, audience, version);
        return { environmentId, audience, version, digest: document.digest, document: JSON.stringify(document) };
      }),
    );
    await database.$transaction(async (tx) => {
      await tx.ruleset.createMany({ data: documents, skipDuplicates: true });
      const { count } = await tx.environment.updateMany({
        where: { id: environmentId, rulesetVersion: before },
        data: { rulesetVersion: version },
      });
      if (count === 0) return;
      // Versions that are stored compiled can be rebuilt; those of the release before stay.
      await tx.$executeRaw`
        delete from ruleset r
         where r."environmentId" = ${environmentId} and r.version < ${version}
           and exists (select from ruleset_version v
                        where v."environmentId" = r."environmentId" and v.audience = r.audience and v.version = r.version)`;
      await ring(tx, { environmentId, version });
    });
  });
  return behind.map(({ id }) => id);
}

/** One environment that fails keeps no other from its turn. @throws the first failure, at the end */
export async function eachAlone<T>(environments: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of environments) await work(one).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
