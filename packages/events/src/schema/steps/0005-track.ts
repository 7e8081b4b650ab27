import { createTable, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";

/** Takes the place of `tracks`, keyed like `exposure`; on the same shard as the unit's exposures. */
export const trackTable: StoredTable = {
  name: "track",
  columns: [
    "project String",
    "environment String",
    "name String",
    "by String",
    "unit String",
    "id String",
    "at DateTime64(3, 'UTC')",
    "clock DateTime64(3, 'UTC')",
    "value Nullable(Float64)",
    "properties String",
    "received DateTime64(3, 'UTC')",
    "stored DateTime64(3, 'UTC') DEFAULT now64(3)",
    "earliness UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(received)))",
  ],
  engine: "ReplacingMergeTree",
  engineArguments: "earliness",
  partitionBy: "toYYYYMM(received)",
  primaryKey: "(project, environment, name, by, unit)",
  orderBy: "(project, environment, name, by, unit, id)",
  shardBy: "unit",
  ageOf: "received",
};

export const trackStep: Migration = {
  version: 5,
  name: "track",
  statements: (layout) => createTable(trackTable, layout),
};
