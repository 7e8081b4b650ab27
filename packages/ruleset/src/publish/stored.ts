import type { Transaction } from "@telltale/db";
import type { Audience } from "@telltale/evaluator";
import type { StoredVersion } from "../read/entries.ts";

/** What is known of a compiled entry without reading it. */
export interface EntryTag {
  audience: Audience;
  kind: string;
  key: string;
  digest: string;
}

/** An entry to write; without content it goes. */
export interface EntryRow extends EntryTag {
  content: string | null;
}

/** Tags of the environment's own entry, of holdouts, and of flags and segments with these keys; null: of all. */
export async function readEntryTags(
  tx: Transaction,
  environmentId: string,
  keys: { flags: readonly string[]; segments: readonly string[] } | null,
): Promise<EntryTag[]> {
  if (!keys) {
    return tx.$queryRaw`
      select audience::text as audience, kind, key, digest from compiled_entry where "environmentId" = ${environmentId}`;
  }
  // A look into the index for each: an "or" of these would read all entries.
  return tx.$queryRaw`
    select audience::text as audience, kind, key, digest from compiled_entry
     where "environmentId" = ${environmentId} and audience in ('server', 'client') and kind in ('header', 'holdout')
    union all
    select audience::text, kind, key, digest from compiled_entry
     where "environmentId" = ${environmentId} and audience in ('server', 'client')
       and kind = 'flag' and key = any(${keys.flags}::text[])
    union all
    select audience::text, kind, key, digest from compiled_entry
     where "environmentId" = ${environmentId} and audience in ('server', 'client')
       and kind = 'segment' and key = any(${keys.segments}::text[])`;
}

export async function writeEntries(tx: Transaction, environmentId: string, rows: EntryRow[]): Promise<void> {
  const kept = rows.filter(({ content }) => content !== null);
  if (kept.length > 0) {
    await tx.$executeRaw`
      insert into compiled_entry ("environmentId", audience, kind, key, content, digest)
      select ${environmentId}, audience::audience, kind, key, content, digest
        from json_to_recordset(${JSON.stringify(kept)}::json)
          as entry(audience text, kind text, key text, content text, digest text)
      on conflict ("environmentId", audience, kind, key) do update set content = excluded.content, digest = excluded.digest`;
  }
  const gone = rows
    .filter(({ content }) => content === null)
    .map(({ audience, kind, key }) => ({ audience, kind, key }));
  if (gone.length === 0) return;
  await tx.$executeRaw`
    delete from compiled_entry c
     using json_to_recordset(${JSON.stringify(gone)}::json) as entry(audience text, kind text, key text)
     where c."environmentId" = ${environmentId} and c.audience = entry.audience::audience
       and c.kind = entry.kind and c.key = entry.key`;
}

/** The digest of each audience's entries in a version; none where that version was not compiled. */
export async function readDigests(
  tx: Transaction,
  environmentId: string,
  version: number,
): Promise<Partial<Record<Audience, string>>> {
  const rows = await tx.$queryRaw<{ audience: Audience; digest: string }[]>`
    select audience::text as audience, digest from ruleset_version
     where "environmentId" = ${environmentId} and audience in ('server', 'client') and version = ${version}`;
  return Object.fromEntries(rows.map(({ audience, digest }) => [audience, digest]));
}

/** The whole one before a version, or the version itself where it is whole, and every version from there to it. */
export function readChain(
  tx: Pick<Transaction, "$queryRaw">,
  environmentId: string,
  audience: Audience,
  version: number,
): Promise<StoredVersion[]> {
  return tx.$queryRaw`
    with base as (
      select max(version) as version from ruleset_version
       where "environmentId" = ${environmentId} and audience = ${audience}::audience and version <= ${version} and "isWhole"
    )
    select v.version, v."isWhole", v.content, v.digest
      from ruleset_version v, base
     where v."environmentId" = ${environmentId} and v.audience = ${audience}::audience
       and v.version between base.version and ${version} and v."isWhole" = (v.version = base.version)
     order by v.version`;
}
