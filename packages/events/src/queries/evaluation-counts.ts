import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface EvaluationCountsQuery {
  project: string;
  environment: string;
  flag: string;
  from: Date;
}

/** How often a flag answered a variant within an hour that begins at `hour` (ISO 8601, UTC). */
export interface EvaluationCount {
  hour: string;
  variant: string;
  count: number;
}

const QUERY = `
SELECT toUnixTimestamp(toStartOfHour(at)) AS hour, variant, sum(count) AS total
FROM evaluation FINAL
WHERE project = {project:String} AND environment = {environment:String} AND flag = {flag:String}
  AND at >= {from:DateTime64(3)} AND received >= {from:DateTime64(3)}
GROUP BY hour, variant
ORDER BY hour, variant`;

const row = z.object({ hour: numeric, variant: z.string(), total: numeric });

export async function selectEvaluationCounts(
  client: ClickHouseClient,
  { project, environment, flag, from }: EvaluationCountsQuery,
): Promise<EvaluationCount[]> {
  const rows = await select(client, QUERY, { project, environment, flag, from }, row);
  return rows.map(({ hour, variant, total }) => ({ hour: new Date(hour * 1000).toISOString(), variant, count: total }));
}
