import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

/** The last evaluation of a flag that an SDK reported from an environment. */
export interface LastSeen {
  flag: string;
  environment: string;
  /** Name and version; empty for an SDK that does not say. */
  sdk: string;
  /** ISO 8601, UTC. */
  at: string;
}

const QUERY = `
SELECT flag, environment, sdk, toUnixTimestamp64Milli(max(at)) AS last
FROM last_seen
WHERE project = {project:String}
GROUP BY flag, environment, sdk
ORDER BY flag, environment, sdk`;

const row = z.object({ flag: z.string(), environment: z.string(), sdk: z.string(), last: numeric });

export async function selectLastSeen(client: ClickHouseClient, { project }: { project: string }): Promise<LastSeen[]> {
  const rows = await select(client, QUERY, { project }, row);
  return rows.map(({ last, ...rest }) => ({ ...rest, at: new Date(last).toISOString() }));
}
