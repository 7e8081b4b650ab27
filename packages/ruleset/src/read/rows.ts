import type { Audience } from "@telltale/evaluator";
import type pg from "pg";
import { type CurrentRuleset, etagOf, type KeyInfo, nameOf } from "./catalogue.ts";

/** Keys that are not revoked, of environments and projects that are not archived, by the sha-256 (hex) of the key. */
export async function readKeys(client: pg.ClientBase): Promise<Map<string, KeyInfo>> {
  const { rows } = await client.query<KeyInfo & { hash: string }>(`
    select k.hash, k.id, k.audience::text as audience, k.origins,
           e.id as "environmentId", e.key as "environmentKey", p.id as "projectId", p.key as "projectKey"
      from sdk_key k
      join environment e on e.id = k."environmentId"
      join project p on p.id = e."projectId"
     where k."revokedAt" is null and e."archivedAt" is null and p."archivedAt" is null`);
  return new Map(rows.map(({ hash, ...key }) => [hash, key]));
}

/** The entity tag of every newest ruleset by its name: the cheap question that says what to read. */
export async function readTags(client: pg.ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ environmentId: string; audience: Audience; version: number; digest: string }>(
    `select r."environmentId", r.audience::text as audience, r.version, r.digest
       from environment e
       join ruleset r on r."environmentId" = e.id and r.version = e."rulesetVersion"`,
  );
  return new Map(rows.map((row) => [nameOf(row), etagOf(row)]));
}

/** The newest rulesets of these environments. */
export async function readRulesets(client: pg.ClientBase, environmentIds: string[]): Promise<CurrentRuleset[]> {
  const { rows } = await client.query<Omit<CurrentRuleset, "etag" | "publishedAt"> & { publishedAt: Date }>(
    `select r."environmentId", p.key || '/' || e.key as environment, r.audience::text as audience, r.version, r.digest,
            r.document, r."createdAt" as "publishedAt"
       from environment e
       join project p on p.id = e."projectId"
       join ruleset r on r."environmentId" = e.id and r.version = e."rulesetVersion"
      where e.id = any($1)`,
    [environmentIds],
  );
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.getTime(), etag: etagOf(row) }));
}
