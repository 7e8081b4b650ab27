/** Where the tables live, and for how long they keep events. */
export interface Layout {
  /** Name of a cluster in the servers' configuration (`remote_servers`); without it one server holds everything. */
  cluster?: string;
  /** Events leave the store this many days after they were received. */
  retentionDays: number;
}

/** More than a year: last year's season can be compared with this one's. */
export const RETENTION_DAYS_DEFAULT = 395;

export interface StoredTable {
  name: string;
  columns: readonly string[];
  /** An engine of the MergeTree family, and its arguments. */
  engine: "ReplacingMergeTree" | "AggregatingMergeTree";
  engineArguments?: string;
  partitionBy?: string;
  primaryKey?: string;
  orderBy: string;
  /** What decides a row's shard: rows that are counted or joined together must agree in it. */
  shardBy: string;
  /** The column that the retention counts from. */
  ageOf: string;
  /** What a loss of power may take, since the next event brings it again: inserts do not wait for the disk. */
  isDerived?: boolean;
}

/** `exposure` holds its rows itself; in a cluster it is spread over `exposure_shard` on every server. */
export function localName(table: string, { cluster }: Layout): string {
  return cluster === undefined ? table : `${table}_shard`;
}

/** ` ON CLUSTER name`, where there is one. */
export function onCluster({ cluster }: Layout): string {
  return cluster === undefined ? "" : ` ON CLUSTER ${identifier(cluster)}`;
}

/** The statements that make a table: one for a single server; in a cluster, a replicated one a shard and the one over them. */
export function createTable(table: StoredTable, layout: Layout): string[] {
  const { cluster } = layout;
  const local = localName(table.name, layout);
  const place = onCluster(layout);
  const own = [
    `CREATE TABLE IF NOT EXISTS ${local}${place}`,
    `(\n  ${table.columns.join(",\n  ")}\n)`,
    `ENGINE = ${engine(table, local, cluster !== undefined)}`,
    ...(table.partitionBy ? [`PARTITION BY ${table.partitionBy}`] : []),
    ...(table.primaryKey ? [`PRIMARY KEY ${table.primaryKey}`] : []),
    `ORDER BY ${table.orderBy}`,
    `TTL ${ttl(table.ageOf, layout)}`,
    // Whole parts go when all in them is old: nothing is ever rewritten to forget a row.
    `SETTINGS ${table.isDerived ? "" : "fsync_after_insert = 1, fsync_part_directory = 1, "}ttl_only_drop_parts = 1`,
  ].join("\n");
  if (cluster === undefined) return [own];
  const over = `CREATE TABLE IF NOT EXISTS ${table.name}${place} AS ${local}
ENGINE = Distributed(${literal(cluster)}, currentDatabase(), ${literal(local)}, cityHash64(${table.shardBy}))`;
  return [own, over];
}

/** When rows leave, as ClickHouse writes it. */
export function ttl(ageOf: string, { retentionDays }: Layout): string {
  return `toDateTime(${ageOf}) + toIntervalDay(${retentionDays})`;
}

function engine(table: StoredTable, local: string, isReplicated: boolean): string {
  const own = table.engineArguments ?? "";
  if (!isReplicated) return `${table.engine}(${own})`;
  const place = `'/clickhouse/tables/{shard}/{database}/${local}', '{replica}'`;
  return `Replicated${table.engine}(${[place, own].filter(Boolean).join(", ")})`;
}

function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
