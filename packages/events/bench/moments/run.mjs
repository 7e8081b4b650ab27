/**
 * What a refresh costs: `pnpm --filter @telltale/events bench:moments [millions,millions] [postgres]`.
 * Fills disposable databases, asks the real question, and prints seconds, processor seconds, peak memory, rows and load.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import { connect } from "../../src/connection.ts";
import { openEventStore } from "../../src/index.ts";
import { FROM, fillClickHouse, fillPostgres, TO } from "./fill.mjs";
import { startClickHouse, startPostgres } from "./fixtures.ts";

const pg = createRequire(new URL("../../../embedded/package.json", import.meta.url))("pg");
const MEMORY_BYTES = 4 * 1024 ** 3;
const [sizes = "1,10", other] = process.argv.slice(2);

const source = (event) => ({ event, where: [] });
const metrics = [
  { key: "signed up", definition: { kind: "conversion", source: source("signup") } },
  { key: "spent", definition: { kind: "sum", source: source("purchase") } },
  {
    key: "spent a visit",
    definition: {
      kind: "ratio",
      numerator: { ...source("purchase"), aggregate: { of: "sum" } },
      denominator: { ...source("visit"), aggregate: { of: "count" } },
    },
  },
];
const capped = metrics.map((metric) =>
  metric.key === "spent"
    ? { ...metric, definition: { ...metric.definition, cap: { level: 0.999, includeZeros: true } } }
    : metric,
);
const plain = {
  environmentId: "shop-production",
  experiment: "button",
  variants: ["off", "on"],
  metrics,
  from: new Date(FROM),
  to: new Date(TO),
  by: "targetingKey",
  stepSeconds: 86_400,
  beforeDays: 0,
};
const questions = {
  "units alone": { ...plain, metrics: [] },
  "3 metrics": plain,
  "3 metrics, 14 days before": { ...plain, beforeDays: 14 },
  "3 metrics, one capped": { ...plain, metrics: capped },
};

/** Runs something and says what it cost the process. */
async function measured(name, pid, run) {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  const processor = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  };
  const [before, start] = [await processor(), performance.now()];
  const rows = await run();
  const seconds = (performance.now() - start) / 1_000;
  const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  const cost = [seconds.toFixed(1), ((await processor()) - before).toFixed(1), Math.round(Number(peak) / 1_024), rows];
  process.stdout.write(`| ${[name, ...cost, loadavg()[0]?.toFixed(1)].join(" | ")} |\n`);
}

async function clickHouse(millions) {
  const dataDirectory = await mkdtemp(join(tmpdir(), "telltale-bench-"));
  const server = await startClickHouse({ dataDirectory, memoryBytes: MEMORY_BYTES });
  const store = openEventStore({ url: server.url });
  const client = connect(server.url);
  await store.migrate([]);
  await fillClickHouse(client, millions * 1e6);
  for (const [name, query] of Object.entries(questions)) {
    await measured(
      `ClickHouse, ${millions} M, ${name}`,
      server.pid,
      async () => (await store.moments(query)).cost.rows,
    );
  }
  const { environmentId, by, from, to } = plain;
  const history = { environmentId, by, from, to, metrics };
  await measured(`ClickHouse, ${millions} M, history of 3 metrics`, server.pid, async () =>
    Object.values(await store.history(history)).reduce((units, one) => Math.max(units, one?.units ?? 0), 0),
  );
  const news = () => store.newsSince(plain, new Date());
  await measured(`ClickHouse, ${millions} M, news`, server.pid, async () => String(await news()));
  await client.close();
  await store.close();
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

const POSTGRES = `
WITH unit AS (
  SELECT unit, min(at) AS first, min(variant) AS variant FROM exposure GROUP BY unit HAVING min(variant) = max(variant)
), total AS (
  SELECT u.variant, u.unit, count(*) FILTER (WHERE name = 'signup') AS signups,
    coalesce(sum(value) FILTER (WHERE name = 'purchase'), 0) AS spent, count(*) FILTER (WHERE name = 'visit') AS visits
  FROM unit u LEFT JOIN track t ON t.unit = u.unit AND t.at >= u.first
  GROUP BY u.variant, u.unit
)
SELECT variant, count(*), count(*) FILTER (WHERE signups > 0), avg(spent), var_samp(spent), avg(visits),
  var_samp(visits), covar_samp(spent, visits)
FROM total GROUP BY variant`;

async function postgres(millions) {
  const dataDirectory = await mkdtemp(join(tmpdir(), "telltale-bench-"));
  const server = await startPostgres({ dataDirectory });
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query("SET work_mem = '1GB'");
  await fillPostgres(client, millions * 1e6);
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  await measured(
    `PostgreSQL, ${millions} M, 3 metrics`,
    rows[0].pid,
    async () => (await client.query(POSTGRES)).rowCount,
  );
  await client.end();
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

process.stdout.write(
  "| question | seconds | processor seconds | peak MB | rows read | load |\n|---|--:|--:|--:|--:|--:|\n",
);
for (const millions of sizes.split(",").map(Number)) {
  await clickHouse(millions);
  if (other === "postgres") await postgres(millions);
}
