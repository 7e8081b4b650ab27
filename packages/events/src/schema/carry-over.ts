import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";
import { type Layout, onCluster } from "./layout.ts";
import { CARRIED, selectCarried } from "./steps/0011-events-by-id.ts";

/** The environment that two keys mean to an edge of the release before. */
export interface EnvironmentKeys {
  project: string;
  environment: string;
  environmentId: string;
}

/** Rows by keys that no environment is known for: they stay where they are, and are read by nobody. */
export interface UnmappedRows {
  project: string;
  environment: string;
  rows: number;
}

/**
 * What was stored so long before rows were last copied is copied again: an insert that was under way then may have been
 * too late for the copy, and too early to be forwarded.
 */
const OVERLAP = "INTERVAL 10 MINUTE";

/** Durable when answered, in a cluster on the shards. */
const settings = { async_insert: 0, distributed_foreground_insert: 1 } as const;

/**
 * Copies what is stored by keys to the tables by id, and has what edges of the release before will still write forwarded.
 * A row that comes several ways is one row, by its id; so a copy that was cut off is begun again.
 * @param environments all that there are. The first that two keys meant is the one that they stand for; keys that stand
 * for several at their first sight stand for none
 * @returns the rows that stay, by their keys
 */
export async function carryOver(
  client: ClickHouseClient,
  layout: Layout,
  environments: readonly EnvironmentKeys[],
): Promise<UnmappedRows[]> {
  const known = await select(client, KNOWN, {}, knownRow);
  const added = unambiguous(environments, new Set(known.map(pairOf)));
  if (added.length > 0) await remember(client, layout, added);
  if (known.length + added.length === 0) return await selectUnmapped(client);
  await copy(client);
  // What was written while rows were copied for the first time.
  if (added.length > 0 || known.some(({ isNew }) => isNew === 1)) await copy(client);
  return await selectUnmapped(client);
}

const KNOWN = "SELECT project, environment, toUnixTimestamp64Milli(carried) = 0 AS isNew FROM environment_key FINAL";
const knownRow = z.object({ project: z.string(), environment: z.string(), isNew: numeric });

const pairOf = ({ project, environment }: Pick<EnvironmentKeys, "project" | "environment">) =>
  JSON.stringify([project, environment]);

function unambiguous(environments: readonly EnvironmentKeys[], known: ReadonlySet<string>): EnvironmentKeys[] {
  const meant = new Map<string, EnvironmentKeys[]>();
  for (const one of environments) meant.set(pairOf(one), [...(meant.get(pairOf(one)) ?? []), one]);
  return [...meant].flatMap(([pair, all]) => (all.length === 1 && !known.has(pair) ? all : []));
}

async function remember(client: ClickHouseClient, layout: Layout, added: EnvironmentKeys[]): Promise<void> {
  await client.insert({
    table: "environment_key",
    values: added.map(({ project, environment, environmentId }) => ({ project, environment, environmentId })),
    columns: ["project", "environment", "environmentId"],
    format: "JSONEachRow",
    clickhouse_settings: settings,
  });
  if (layout.cluster === undefined) return;
  await client.command({ query: `SYSTEM SYNC REPLICA${onCluster(layout)} environment_key` });
}

/** Copies of each environment what was stored since it was copied last; all of it the first time. */
async function copy(client: ClickHouseClient): Promise<void> {
  const start = `SELECT toString(now64(3, 'UTC')) AS startedAt, toString(min(carried)) AS since, toUnixTimestamp64Milli(min(carried)) = 0 AS hasNew FROM environment_key FINAL`;
  const startRow = z.object({ startedAt: z.string(), since: z.string(), hasNew: numeric });
  const [begun] = await select(client, start, {}, startRow);
  if (begun === undefined) return;
  const { startedAt, since, hasNew } = begun;
  for (const { from, to, columns } of CARRIED) {
    const isRecent = `stored > {since:DateTime64(3, 'UTC')} - ${OVERLAP}`;
    const months = `SELECT DISTINCT toYYYYMM(received) AS month FROM ${from} WHERE ${isRecent} ORDER BY month`;
    for (const { month } of await select(client, months, { since }, z.object({ month: numeric }))) {
      await client.command({
        query: `INSERT INTO ${to} (environmentId, ${columns})
${selectCarried(from, columns)}
WHERE toYYYYMM(e.received) = {month:UInt32} AND e.${isRecent} AND e.stored > k.carried - ${OVERLAP}`,
        query_params: { month, since },
        clickhouse_settings: settings,
      });
    }
  }
  if (hasNew === 1) {
    const query = `INSERT INTO last_evaluation (environmentId, flag, sdk, at) ${selectCarried("last_seen", "flag, sdk, at")}`;
    await client.command({ query, clickhouse_settings: settings });
  }
  await client.command({
    query: `INSERT INTO environment_key (project, environment, environmentId, carried)
SELECT project, environment, environmentId, {startedAt:DateTime64(3, 'UTC')} FROM environment_key FINAL`,
    query_params: { startedAt },
    clickhouse_settings: settings,
  });
}

const UNMAPPED = `
SELECT project, environment, sum(held) AS rows
FROM (${CARRIED.map(({ from }) => `SELECT project, environment, count() AS held FROM ${from} GROUP BY project, environment`).join(" UNION ALL ")})
WHERE (project, environment) NOT IN (SELECT project, environment FROM environment_key)
GROUP BY project, environment
ORDER BY project, environment`;

const unmappedRow = z.object({ project: z.string(), environment: z.string(), rows: numeric });

function selectUnmapped(client: ClickHouseClient): Promise<UnmappedRows[]> {
  return select(client, UNMAPPED, {}, unmappedRow);
}
