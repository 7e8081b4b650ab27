import type { Audience } from "@telltale/evaluator";
import type pg from "pg";
import { type CurrentRuleset, catalogueName, etagOf, type KeyInfo } from "./catalogue.ts";
import type { StoredVersion } from "./entries.ts";

/** A stored version with when it was published. */
export interface DatedVersion extends StoredVersion {
  publishedAt: Date;
}

/**
 * Keys that are not revoked, by the sha-256 (hex) of the key: of one environment, or of all. Those of archived
 * environments and projects are not among them.
 */
export async function readKeys(client: pg.ClientBase, environmentId?: string): Promise<Map<string, KeyInfo>> {
  const { rows } = await client.query<KeyInfo & { hash: string }>(
    `select k.hash, k.id, k.audience::text as audience, k.origins,
            e.id as "environmentId", e.key as "environmentKey", p.id as "projectId", p.key as "projectKey",
            p."organisationId"
       from sdk_key k
       join environment e on e.id = k."environmentId"
       join project p on p.id = e."projectId"
      where k."revokedAt" is null and e."archivedAt" is null and p."archivedAt" is null
        and ($1::text is null or k."environmentId" = $1)`,
    [environmentId ?? null],
  );
  return new Map(rows.map(({ hash, ...key }) => [hash, key]));
}

/**
 * What says whether the newest version is held, by the name of its ruleset: for these environments, or for all.
 * Where the release before has published last, the newest is a whole document.
 */
export async function readTags(client: pg.ClientBase, environmentIds: string[] | null): Promise<Map<string, string>> {
  const { rows } = await client.query<{ environmentId: string; audience: Audience; version: number; digest: string }>(
    `select e.id as "environmentId", n.audience::text as audience, n.version, n.digest
       from environment e
      cross join lateral (
        select v.audience, v.version, v.digest from ruleset_version v
         where v."environmentId" = e.id and v.version = e."publishedVersion" and e."publishedVersion" >= e."rulesetVersion"
        union all
        select r.audience, r.version, r.digest from ruleset r
         where r."environmentId" = e.id and r.version = e."rulesetVersion" and e."rulesetVersion" > e."publishedVersion"
      ) n
      where $1::text[] is null or e.id = any($1)`,
    [environmentIds],
  );
  return new Map(rows.map((row) => [catalogueName(row), etagOf(row)]));
}

/** The versions after one, oldest first; each once, as what changed where it is stored both ways. */
export async function readVersionsAfter(
  client: pg.ClientBase,
  { environmentId, audience, version }: Pick<CurrentRuleset, "environmentId" | "audience" | "version">,
): Promise<DatedVersion[]> {
  const { rows } = await client.query<DatedVersion>(
    `select distinct on (version) version, "isWhole", content, digest, "createdAt" as "publishedAt"
       from ruleset_version
      where "environmentId" = $1 and audience = $2::audience and version > $3
      order by version, "isWhole"`,
    [environmentId, audience, version],
  );
  return rows;
}

/** The newest version from the entries as they are now, in one statement: whole, whatever is stored of it. */
export async function readNewest(
  client: pg.ClientBase,
  environmentId: string,
  audience: Audience,
): Promise<DatedVersion | undefined> {
  const { rows } = await client.query<DatedVersion>(
    `select v.version, true as "isWhole", v.digest, v."createdAt" as "publishedAt",
            (select coalesce('[' || string_agg('["' || c.kind || '",' || to_json(c.key)::text || ',' || c.content || ']', ',') || ']', '[]')
               from compiled_entry c where c."environmentId" = e.id and c.audience = v.audience) as content
       from environment e
       join ruleset_version v on v."environmentId" = e.id and v.audience = $2::audience and v.version = e."publishedVersion"
      where e.id = $1 and e."publishedVersion" >= e."rulesetVersion"
      limit 1`,
    [environmentId, audience],
  );
  return rows[0];
}

/** The newest whole document, byte for byte: of the release before, or written for its edges. */
export async function readDocument(
  client: pg.ClientBase,
  environmentId: string,
  audience: Audience,
): Promise<CurrentRuleset | undefined> {
  const { rows } = await client.query<Omit<CurrentRuleset, "etag" | "publishedAt"> & { publishedAt: Date }>(
    `select r."environmentId", p.key || '/' || e.key as environment, r.audience::text as audience, r.version, r.digest,
            r.document, r."createdAt" as "publishedAt"
       from environment e
       join project p on p.id = e."projectId"
       join ruleset r on r."environmentId" = e.id and r.version = e."rulesetVersion" and r.audience = $2::audience
      where e.id = $1`,
    [environmentId, audience],
  );
  const [row] = rows;
  return row && { ...row, publishedAt: row.publishedAt.getTime(), etag: etagOf(row) };
}
