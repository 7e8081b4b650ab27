import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface EvaluationCountsQuery {
  environmentId: string;
  flag: string;
  /** From a moment on, before another. */
  from: Date;
  to: Date;
  /** Length of the steps that are counted apart, seconds; they begin at multiples of it since 1970, UTC. */
  stepSeconds: number;
}

/** How often a flag answered a variant by a rule, for a reason, within the step that begins at `at` (ISO 8601, UTC). */
export interface EvaluationCount {
  at: string;
  variant: string;
  /** Empty where no rule decided. */
  rule: string;
  reason: string;
  count: number;
}

/** Nothing happens after it is received, so the condition on `received` loses nothing and spares older partitions. */
const QUERY = `
SELECT intDiv(toUnixTimestamp(at), {step:UInt32}) * {step:UInt32} AS start, variant, rule, reason, sum(count) AS total
FROM evaluation_event FINAL
WHERE environmentId = {environmentId:String} AND flag = {flag:String}
  AND at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} AND received >= {from:DateTime64(3)}
GROUP BY start, variant, rule, reason
ORDER BY start, variant, rule, reason`;

const row = z.object({ start: numeric, variant: z.string(), rule: z.string(), reason: z.string(), total: numeric });

export async function selectEvaluationCounts(
  client: ClickHouseClient,
  { environmentId, flag, from, to, stepSeconds: step }: EvaluationCountsQuery,
): Promise<EvaluationCount[]> {
  const rows = await select(client, QUERY, { environmentId, flag, from, to, step }, row);
  return rows.map(({ start, total, ...rest }) => ({ at: new Date(start * 1000).toISOString(), ...rest, count: total }));
}
