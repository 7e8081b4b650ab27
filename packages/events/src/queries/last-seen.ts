import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

/** The last evaluation of a flag that was reported from an environment, by whichever SDK. */
export interface LastSeen {
  flag: string;
  environmentId: string;
  /** ISO 8601, UTC. */
  at: string;
}

const QUERY = `
SELECT flag, environmentId, toUnixTimestamp64Milli(max(at)) AS last
FROM last_evaluation
WHERE environmentId IN {environmentIds:Array(String)}
GROUP BY flag, environmentId
ORDER BY flag, environmentId`;

const row = z.object({ flag: z.string(), environmentId: z.string(), last: numeric });

export async function selectLastSeen(
  client: ClickHouseClient,
  { environmentIds }: { environmentIds: readonly string[] },
): Promise<LastSeen[]> {
  const rows = await select(client, QUERY, { environmentIds }, row);
  return rows.map(({ last, ...rest }) => ({ ...rest, at: new Date(last).toISOString() }));
}

export interface LastSeenBySdkQuery {
  environmentId: string;
  flag: string;
}

/** The last evaluation of a flag that an SDK reported from an environment. */
export interface LastSeenBySdk {
  /** Name and version; empty for an SDK that does not say. */
  sdk: string;
  /** ISO 8601, UTC. */
  at: string;
}

const BY_SDK = `
SELECT sdk, toUnixTimestamp64Milli(max(at)) AS last
FROM last_evaluation
WHERE environmentId = {environmentId:String} AND flag = {flag:String}
GROUP BY sdk
ORDER BY last DESC, sdk`;

const rowBySdk = z.object({ sdk: z.string(), last: numeric });

export async function selectLastSeenBySdk(
  client: ClickHouseClient,
  { environmentId, flag }: LastSeenBySdkQuery,
): Promise<LastSeenBySdk[]> {
  const rows = await select(client, BY_SDK, { environmentId, flag }, rowBySdk);
  return rows.map(({ sdk, last }) => ({ sdk, at: new Date(last).toISOString() }));
}
