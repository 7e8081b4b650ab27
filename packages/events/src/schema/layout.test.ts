import { describe, expect, test } from "vitest";
import type { Layout } from "./layout.ts";
import { keptTables, migrations } from "./migrations.ts";

const statements = (layout: Layout) =>
  migrations
    .filter(({ version }) => version > 3)
    .flatMap(({ statements }) => (Array.isArray(statements) ? statements : statements(layout)));
const named = (all: string[], start: string) => all.filter((statement) => statement.startsWith(start));

describe("the schema on one server", () => {
  const all = statements({ retentionDays: 30 });

  test("is plain tables that forget after the retention", () => {
    const tables = named(all, "CREATE TABLE").filter((table) => !table.includes(" environment_key\n"));
    expect(tables).toHaveLength(keptTables.length);
    for (const table of tables) {
      expect(table).toMatch(/^ENGINE = (Replacing|Aggregating)MergeTree\((earliness)?\)$/m);
      expect(table).toMatch(/^TTL toDateTime\((received|at)\) \+ toIntervalDay\(30\)$/m);
      expect(table.includes("fsync_after_insert = 1")).toBe(!/EXISTS last_/.test(table));
      expect(table).not.toMatch(/CLUSTER|Distributed|Replicated/);
    }
  });
});

describe("the schema in a cluster", () => {
  const all = statements({ cluster: "main'`", retentionDays: 30 });

  test("is replicated tables on each shard and a distributed one over them", () => {
    // And one that each server has for itself, whole.
    expect(named(all, "CREATE TABLE")).toHaveLength(2 * keptTables.length + 1);
    for (const { name, orderBy, shardBy } of keptTables) {
      const [shard] = named(all, `CREATE TABLE IF NOT EXISTS ${name}_shard ON CLUSTER \`main'\\\`\`\n`);
      expect(shard).toContain(`'/clickhouse/tables/{shard}/{database}/${name}_shard', '{replica}'`);
      const [over] = named(all, `CREATE TABLE IF NOT EXISTS ${name} ON CLUSTER \`main'\\\`\` AS ${name}_shard\n`);
      expect(over).toContain(
        `ENGINE = Distributed('main\\'\`', currentDatabase(), '${name}_shard', cityHash64(${shardBy}))`,
      );
      // Repeats collapse within a shard only: what decides the shard must be part of what makes a row itself.
      expect(orderBy).toContain(shardBy);
    }
  });

  test("keeps what a unit met and did on one shard", () => {
    const shardOf = Object.fromEntries(keptTables.map(({ name, shardBy }) => [name, shardBy]));
    expect(shardOf).toMatchObject({ exposure: "unit", track: "unit", exposure_event: "unit", track_event: "unit" });
  });

  test("changes a column of each shard before the table over them, and what is kept only in the shards", () => {
    const earliness = "MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(at)))";
    const altered = named(all, "ALTER TABLE").map((statement) => statement.replace(" ON CLUSTER `main'\\``", ""));
    expect(altered).toEqual([
      "ALTER TABLE track_shard ADD COLUMN IF NOT EXISTS others Map(String, String)",
      "ALTER TABLE track ADD COLUMN IF NOT EXISTS others Map(String, String)",
      "ALTER TABLE exposure_shard ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax",
      "ALTER TABLE track_shard ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax",
      ...["exposure", "track"].flatMap((table) => [
        `ALTER TABLE ${table}_shard MODIFY COLUMN earliness UInt64 ${earliness}`,
        `ALTER TABLE ${table} MODIFY COLUMN earliness UInt64 ${earliness}`,
        `ALTER TABLE ${table}_shard MATERIALIZE COLUMN earliness`,
      ]),
      "ALTER TABLE exposure_event_shard ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax",
      "ALTER TABLE track_event_shard ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax",
    ]);
  });

  test("forwards what comes by keys within each shard", () => {
    for (const kind of ["exposure", "track", "evaluation"]) {
      const [view] = named(all, `CREATE MATERIALIZED VIEW IF NOT EXISTS ${kind}_forward ON CLUSTER`);
      expect(view).toContain(`TO ${kind}_event_shard\n`);
      expect(view).toContain(`FROM ${kind}_shard AS e\n`);
    }
  });

  test("feeds each shard's last_seen from its own evaluations", () => {
    const [view] = named(all, "CREATE MATERIALIZED VIEW IF NOT EXISTS last_seen_feed ON CLUSTER");
    expect(view).toContain("TO last_seen_shard");
    expect(view).toContain("FROM evaluation_shard");
    const [next] = named(all, "CREATE MATERIALIZED VIEW IF NOT EXISTS last_evaluation_feed ON CLUSTER");
    expect(next).toContain("TO last_evaluation_shard");
    expect(next).toContain("FROM evaluation_event_shard");
  });
});

test("every step may run twice", () => {
  for (const { statements } of migrations) {
    for (const statement of Array.isArray(statements) ? statements : statements({ retentionDays: 1 })) {
      expect(statement).toMatch(
        /^(CREATE (TABLE|MATERIALIZED VIEW) IF NOT EXISTS |INSERT INTO |ALTER TABLE \w+ (ADD (COLUMN|INDEX) IF NOT EXISTS|MODIFY COLUMN|MATERIALIZE COLUMN) )/,
      );
    }
  }
});
