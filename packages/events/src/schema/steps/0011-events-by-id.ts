import { createTable, type Layout, localName, onCluster, type StoredTable } from "../layout.ts";
import type { Migration } from "../migration.ts";

/** What every kept event has besides what it says; the environment is known by its id, which no other ever has. */
export const RECEIPT = [
  "at DateTime64(3, 'UTC')",
  "clock DateTime64(3, 'UTC')",
  "received DateTime64(3, 'UTC')",
  "stored DateTime64(3, 'UTC') DEFAULT now64(3)",
];
export const REPLACING = { engine: "ReplacingMergeTree", engineArguments: "earliness", ageOf: "received" } as const;
/** Of several copies of an event the one with the earliest of this column is kept, merged or not. */
export const earliest = (column: "at" | "received") =>
  `earliness UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(${column})))`;

/** Takes the place of `exposure`. */
export const exposureEventTable: StoredTable = {
  name: "exposure_event",
  columns: [
    ...["environmentId String", "experiment String", "by String", "unit String", "id String"],
    ...RECEIPT,
    ...["variant String", "flag String", "version UInt64", "attributes Map(String, String)"],
    earliest("at"),
  ],
  ...REPLACING,
  partitionBy: "toYYYYMM(received)",
  primaryKey: "(environmentId, experiment, by, unit)",
  orderBy: "(environmentId, experiment, by, unit, id)",
  shardBy: "unit",
};

/** Takes the place of `track`; on the same shard as the unit's exposures. */
export const trackEventTable: StoredTable = {
  name: "track_event",
  columns: [
    ...["environmentId String", "name String", "by String", "unit String", "id String"],
    ...RECEIPT,
    ...["value Nullable(Float64)", "properties String", "others Map(String, String)"],
    earliest("at"),
  ],
  ...REPLACING,
  partitionBy: "toYYYYMM(received)",
  primaryKey: "(environmentId, name, by, unit)",
  orderBy: "(environmentId, name, by, unit, id)",
  shardBy: "unit",
};

/** Takes the place of `evaluation`. */
export const evaluationEventTable: StoredTable = {
  name: "evaluation_event",
  columns: [
    ...["environmentId String", "flag String", "id String"],
    ...RECEIPT,
    ...["variant String", "rule String", "reason String", "version UInt64", "count UInt64", "sdk String"],
    earliest("received"),
  ],
  ...REPLACING,
  partitionBy: "toMonday(received)",
  primaryKey: "(environmentId, flag)",
  orderBy: "(environmentId, flag, id)",
  shardBy: "id",
};

/** Takes the place of `last_seen`. */
export const lastEvaluationTable: StoredTable = {
  name: "last_evaluation",
  columns: [
    ...["environmentId String", "flag String", "sdk String"],
    "at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))",
  ],
  engine: "AggregatingMergeTree",
  orderBy: "(environmentId, flag, sdk)",
  shardBy: "flag",
  ageOf: "at",
  isDerived: true,
};

/** Tables of events keyed by keys, those that take their place, and the columns that go along as they are. */
export const CARRIED = [
  {
    from: "exposure",
    to: "exposure_event",
    columns: "id, at, clock, received, stored, experiment, flag, variant, unit, by, version, attributes",
  },
  {
    from: "track",
    to: "track_event",
    columns: "id, at, clock, received, stored, name, value, properties, by, unit, others",
  },
  {
    from: "evaluation",
    to: "evaluation_event",
    columns: "id, at, clock, received, stored, flag, variant, rule, reason, version, count, sdk",
  },
] as const;

/**
 * Which environment a project's and an environment's key meant, and until when its rows of the tables before are copied.
 * Whole on every server of a cluster, since each maps its own rows.
 */
function environmentKey(layout: Layout): string {
  const place = "'/clickhouse/tables/{database}/environment_key', '{shard}-{replica}', ";
  const engine =
    layout.cluster === undefined ? "ReplacingMergeTree(carried)" : `ReplicatedReplacingMergeTree(${place}carried)`;
  return `CREATE TABLE IF NOT EXISTS environment_key${onCluster(layout)}
(project String, environment String, environmentId String, carried DateTime64(3, 'UTC') DEFAULT toDateTime64(0, 3, 'UTC'))
ENGINE = ${engine}
ORDER BY (project, environment)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;
}

/** The rows of a table by keys with the id of their environment; those that no environment is known for are left out. */
export function selectCarried(from: string, columns: string): string {
  const given = columns.split(", ").map((column) => `e.${column} AS ${column}`);
  return `SELECT k.environmentId AS environmentId, ${given.join(", ")}
FROM ${from} AS e
INNER JOIN (SELECT project, environment, environmentId, carried FROM environment_key FINAL) AS k
  ON e.project = k.project AND e.environment = k.environment`;
}

/**
 * Events by the id of their environment: keys of projects are unique within their organisation only. What an edge of the
 * release before still writes by keys is forwarded; what lies there is copied by `carryOver`, which knows the ids.
 * The tables by keys are dropped by the release after this one.
 */
export const eventsByIdStep: Migration = {
  version: 11,
  name: "events-by-id",
  statements: (layout) => {
    const place = onCluster(layout);
    const local = (table: string) => localName(table, layout);
    return [
      ...[exposureEventTable, trackEventTable, evaluationEventTable, lastEvaluationTable].flatMap((table) =>
        createTable(table, layout),
      ),
      ...["exposure_event", "track_event"].map(
        (table) => `ALTER TABLE ${local(table)}${place} ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax`,
      ),
      `CREATE MATERIALIZED VIEW IF NOT EXISTS last_evaluation_feed${place} TO ${local("last_evaluation")}
AS SELECT environmentId, flag, sdk, max(at) AS at
FROM ${local("evaluation_event")}
GROUP BY environmentId, flag, sdk`,
      environmentKey(layout),
      ...CARRIED.map(
        ({ from, to, columns }) => `CREATE MATERIALIZED VIEW IF NOT EXISTS ${from}_forward${place} TO ${local(to)}
AS ${selectCarried(local(from), columns)}`,
      ),
    ];
  },
};
