import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface MinuteCountsQuery {
  project: string;
  environment: string;
  /** One flag; all of them without it. */
  flag?: string;
  /** From a moment on, before another. */
  from: Date;
  to: Date;
}

/** How often a flag answered a variant by a rule within a minute that begins at `minute` (ISO 8601, UTC). */
export interface MinuteCount {
  minute: string;
  flag: string;
  variant: string;
  rule: string;
  count: number;
}

/** Nothing happens after it is received, so the condition on `received` loses nothing and spares older partitions. */
const QUERY = `
SELECT toUnixTimestamp(toStartOfMinute(at)) AS minute, flag, variant, rule, sum(count) AS total
FROM evaluation FINAL
WHERE project = {project:String} AND environment = {environment:String}
  AND ({flag:String} = '' OR flag = {flag:String})
  AND at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} AND received >= {from:DateTime64(3)}
GROUP BY minute, flag, variant, rule
ORDER BY minute, flag, variant, rule`;

const row = z.object({ minute: numeric, flag: z.string(), variant: z.string(), rule: z.string(), total: numeric });

export async function selectMinuteCounts(client: ClickHouseClient, query: MinuteCountsQuery): Promise<MinuteCount[]> {
  const { project, environment, flag = "", from, to } = query;
  const rows = await select(client, QUERY, { project, environment, flag, from, to }, row);
  return rows.map(({ minute, total, ...rest }) => ({
    minute: new Date(minute * 1000).toISOString(),
    ...rest,
    count: total,
  }));
}
