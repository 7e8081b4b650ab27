import { createTable, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";

/**
 * Takes the place of `evaluations`. Weekly partitions, as usage is asked by time; sharded by id, since what is counted
 * once must lie on one shard.
 */
export const evaluationTable: StoredTable = {
  name: "evaluation",
  columns: [
    "project String",
    "environment String",
    "flag String",
    "id String",
    "at DateTime64(3, 'UTC')",
    "clock DateTime64(3, 'UTC')",
    "variant String",
    "rule String",
    "reason String",
    "version UInt64",
    "count UInt64",
    "sdk String",
    "received DateTime64(3, 'UTC')",
    "stored DateTime64(3, 'UTC') DEFAULT now64(3)",
    "earliness UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(received)))",
  ],
  engine: "ReplacingMergeTree",
  engineArguments: "earliness",
  partitionBy: "toMonday(received)",
  primaryKey: "(project, environment, flag)",
  orderBy: "(project, environment, flag, id)",
  shardBy: "id",
  ageOf: "received",
};

export const evaluationStep: Migration = {
  version: 6,
  name: "evaluation",
  statements: (layout) => createTable(evaluationTable, layout),
};
