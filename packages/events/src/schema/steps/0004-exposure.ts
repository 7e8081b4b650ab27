import { createTable, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";

/**
 * Takes the place of `exposures`. A repeat is known by its id alone: `at` is corrected by the clock's offset at
 * receipt, so two sendings of one event may differ in it, and the earliest received is kept (`earliness`).
 * Partitions follow the edge's clock, so that no sender's clock can scatter an insert over hundreds of them.
 */
export const exposureTable: StoredTable = {
  name: "exposure",
  columns: [
    "project String",
    "environment String",
    "experiment String",
    "by String",
    "unit String",
    "id String",
    "at DateTime64(3, 'UTC')",
    "clock DateTime64(3, 'UTC')",
    "variant String",
    "flag String",
    "version UInt64",
    "attributes Map(String, String)",
    "received DateTime64(3, 'UTC')",
    "stored DateTime64(3, 'UTC') DEFAULT now64(3)",
    "earliness UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(received)))",
  ],
  engine: "ReplacingMergeTree",
  engineArguments: "earliness",
  partitionBy: "toYYYYMM(received)",
  primaryKey: "(project, environment, experiment, by, unit)",
  orderBy: "(project, environment, experiment, by, unit, id)",
  shardBy: "unit",
  ageOf: "received",
};

export const exposureStep: Migration = {
  version: 4,
  name: "exposure",
  statements: (layout) => createTable(exposureTable, layout),
};
