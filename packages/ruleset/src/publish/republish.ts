import type { Database } from "@telltale/db";
import { RULESET_SCHEMA } from "@telltale/evaluator";
import { publish } from "./publish.ts";
import { eachAlone } from "./wholes.ts";

/**
 * Publishes again what was published last by a release that compiled otherwise: whole documents, or entries of another
 * schema. Nothing that anybody decided changes.
 * @returns the environments' ids
 */
export async function republishOutdated(database: Database): Promise<string[]> {
  const outdated = await database.$queryRaw<{ id: string }[]>`
    select e.id
      from environment e
     where e."rulesetVersion" > e."publishedVersion"
        or exists (select from compiled_entry c
                    where c."environmentId" = e.id and c.kind = 'header'
                      and (c.content::json ->> 'schema')::int <> ${RULESET_SCHEMA})
     order by e.id`;
  await eachAlone(outdated, async ({ id }) => {
    await database.$transaction((tx) => publish(tx, id, "all"), { timeout: 60_000 });
  });
  return outdated.map(({ id }) => id);
}
