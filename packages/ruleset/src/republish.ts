import type { Database } from "@telltale/db";
import { RULESET_SCHEMA } from "@telltale/evaluator";
import { publish } from "./publish.ts";

/**
 * Publishes again what was published last by a release that wrote another schema, so that SDKs of this one can read it.
 * Nothing that anybody decided changes.
 * @returns the environments' ids
 */
export async function republishOutdated(database: Database): Promise<string[]> {
  const outdated = await database.$queryRaw<{ id: string }[]>`
    select distinct e.id
      from environment e
      join ruleset r on r."environmentId" = e.id and r.version = e."rulesetVersion"
     where (r.document::json ->> 'schema')::int <> ${RULESET_SCHEMA}
     order by e.id`;
  for (const { id } of outdated) await database.$transaction((tx) => publish(tx, id));
  return outdated.map(({ id }) => id);
}
