import type { Database } from "@telltale/db";
import type { Audience, Ruleset } from "@telltale/evaluator";
import { assemble } from "../read/assemble.ts";
import { type Entries, replay } from "../read/entries.ts";
import { readChain } from "./stored.ts";

/** What is read: a database, or a transaction in it. */
export type Queries = Pick<Database, "$queryRaw" | "ruleset" | "environment">;

/** The compiled entries of a version; undefined where it is not stored, or was published by the release before. */
export async function readEntries(
  database: Pick<Database, "$queryRaw">,
  environmentId: string,
  audience: Audience,
  version: number,
): Promise<Entries | undefined> {
  const chain = await readChain(database, environmentId, audience, version);
  return chain.at(-1)?.version === version ? replay(chain) : undefined;
}

/**
 * The ruleset of a version, as it was published: from the whole one before it and what changed since; the newest
 * unless a version is named. Undefined where it is not stored (any more).
 * @throws when what is stored does not make it
 */
export async function readRuleset(
  database: Queries,
  environmentId: string,
  audience: Audience,
  version?: number,
): Promise<Ruleset | undefined> {
  const wanted = version ?? (await newestVersion(database, environmentId));
  const entries = await readEntries(database, environmentId, audience, wanted);
  if (entries) return assemble(entries, audience, wanted);
  const where = { environmentId_audience_version: { environmentId, audience, version: wanted } };
  const row = await database.ruleset.findUnique({ where });
  return row ? (JSON.parse(row.document) as Ruleset) : undefined;
}

async function newestVersion(database: Queries, id: string): Promise<number> {
  const row = await database.environment.findUnique({ where: { id } });
  return row ? Math.max(row.publishedVersion, row.rulesetVersion) : 0;
}
