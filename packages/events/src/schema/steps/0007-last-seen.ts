import { createTable, localName, onCluster, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";

/** The last evaluation of each flag by each SDK, kept up as events come: a maximum, which repeats cannot change. */
export const lastSeenTable: StoredTable = {
  name: "last_seen",
  columns: [
    "project String",
    "environment String",
    "flag String",
    "sdk String",
    "at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))",
  ],
  engine: "AggregatingMergeTree",
  orderBy: "(project, environment, flag, sdk)",
  shardBy: "flag",
  ageOf: "at",
  isDerived: true,
};

export const lastSeenStep: Migration = {
  version: 7,
  name: "last-seen",
  statements: (layout) => [
    ...createTable(lastSeenTable, layout),
    `CREATE MATERIALIZED VIEW IF NOT EXISTS last_seen_feed${onCluster(layout)} TO ${localName("last_seen", layout)}
AS SELECT project, environment, flag, sdk, max(at) AS at
FROM ${localName("evaluation", layout)}
GROUP BY project, environment, flag, sdk`,
  ],
};
