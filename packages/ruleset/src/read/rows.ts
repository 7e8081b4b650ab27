import type { Audience } from "@telltale/evaluator";
import type pg from "pg";

/** What a request's key stands for. */
export interface KeyInfo {
  id: string;
  environmentId: string;
  environmentKey: string;
  projectId: string;
  projectKey: string;
  audience: Audience;
  /** Origins a client key may be used from; empty: any. */
  origins: string[];
}

/** The newest ruleset of an environment and audience. */
export interface CurrentRuleset {
  version: number;
  digest: string;
  /** JSON text as stored: served byte for byte. */
  document: string;
  /** Strong entity tag, quotes included. */
  etag: string;
}

/** Keys that are not revoked, by the sha-256 (hex) of the key. */
export async function readKeys(client: pg.ClientBase): Promise<Map<string, KeyInfo>> {
  const { rows } = await client.query<KeyInfo & { hash: string }>(`
    select k.hash, k.id, k.audience::text as audience, k.origins,
           e.id as "environmentId", e.key as "environmentKey", p.id as "projectId", p.key as "projectKey"
      from sdk_key k
      join environment e on e.id = k."environmentId"
      join project p on p.id = e."projectId"
     where k."revokedAt" is null`);
  return new Map(rows.map(({ hash, ...key }) => [hash, key]));
}

/** The version of each environment's newest ruleset: the cheap question that says what to read. */
export async function readVersions(client: pg.ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: string; version: number }>(
    `select id, "rulesetVersion" as version from environment where "rulesetVersion" > 0`,
  );
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** The newest rulesets of an environment, one for each audience. */
export async function readRulesets(
  client: pg.ClientBase,
  environmentId: string,
): Promise<[Audience, CurrentRuleset][]> {
  const { rows } = await client.query<{ audience: Audience; version: number; digest: string; document: string }>(
    `select distinct on (audience) audience::text as audience, version, digest, document
       from ruleset where "environmentId" = $1 order by audience, version desc`,
    [environmentId],
  );
  return rows.map(({ audience, ...row }) => [
    audience,
    { ...row, etag: `"${row.digest.slice(0, 32)}-${row.version}"` },
  ]);
}
