import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import type { MomentsQuery } from "../moments.ts";
import { numeric } from "../numbers.ts";

/** Whose exposures are asked for an attribute. */
export type AttributeQuery = Pick<MomentsQuery, "environmentId" | "experiment" | "by">;

/** Stops at the first exposure that has it. */
const QUERY = `
SELECT count() AS found FROM
(
  SELECT 1 FROM exposure_event
  WHERE environmentId = {environmentId:String} AND experiment = {experiment:String}
    AND by = {by:String} AND mapContains(attributes, {attribute:String})
  LIMIT 1
)`;

/** Whether any exposure of the experiment carries the attribute. */
export async function selectHasAttribute(
  client: ClickHouseClient,
  { environmentId, experiment, by }: AttributeQuery,
  attribute: string,
): Promise<boolean> {
  const parameters = { environmentId, experiment, by, attribute };
  const [row] = await select(client, QUERY, parameters, z.object({ found: numeric }));
  return (row?.found ?? 0) > 0;
}
