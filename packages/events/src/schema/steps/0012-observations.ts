import { createTable, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";
import { earliest, RECEIPT, REPLACING } from "./0011-events-by-id.ts";

/** What was observed in units that were served a variant of a flag under release: one row a report of an SDK. */
export const observationEventTable: StoredTable = {
  name: "observation_event",
  columns: [
    ...["environmentId String", "flag String", "rule String", "metric String", "id String"],
    ...RECEIPT,
    ...["variant String", "version UInt64", "count UInt64", "sum Nullable(Float64)", "squares Nullable(Float64)"],
    // A sketch of distinct units: the hashes below 2^(32 - halvings).
    ...["halvings UInt8", "units Array(UInt32)"],
    earliest("at"),
  ],
  ...REPLACING,
  partitionBy: "toMonday(received)",
  primaryKey: "(environmentId, flag, rule, metric)",
  orderBy: "(environmentId, flag, rule, metric, id)",
  shardBy: "id",
};

export const observationsStep: Migration = {
  version: 12,
  name: "observations",
  statements: (layout) => createTable(observationEventTable, layout),
};
