import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { register } from "tsx/esm/api";

/**
 * `node apps/edge/bench/tenants/run.mjs [--connections 1000] [--seconds 10]`: one organisation asks for its ruleset as
 * fast as it is answered, and again at once when it is sent away; another asks every 20 ms. What the second gets: alone,
 * beside the flood with shares, and without them.
 */
register();
const { documentOf, openControlPlane } = await import("../streams/fixtures.ts");
const { addKey, publishText, seed, startEdge } = await import("../../src/real-world.ts");
const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};
const CONNECTIONS = Number(option("--connections", 1_000));
const SECONDS = Number(option("--seconds", 10));
const [LOUD, QUIET] = ["tts_bench_loud", "tts_bench_quiet"];
const line = (text) => process.stdout.write(`${text}\n`);
const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) * q)] ?? 0;

const control = await openControlPlane();
const postgres = new pg.Client(control.databaseUrl);
await postgres.connect();
await seed(postgres);
await addKey(postgres, LOUD);
const document = documentOf(1);
await publishText(postgres, 1, document.digest, JSON.stringify(document));
await postgres.query(`insert into organisation (id, key, name) values ('quiet', 'quiet', 'Q')`);
await postgres.query(`insert into project (id, "organisationId", key, name) values ('quiet', 'quiet', 'quiet', 'Q')`);
await postgres.query(
  `insert into environment (id, "projectId", key, name, position, "rulesetVersion") values ('quiet', 'quiet', 'e', 'E', 0, 1)`,
);
await postgres.query(
  `insert into ruleset select 'quiet', audience, version, digest, document, now() from ruleset where "environmentId" = 'env'`,
);
await postgres.query(
  `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins) values ('q', 'quiet', 'q', 'server', $1, 'q', '{}')`,
  [createHash("sha256").update(QUIET).digest("hex")],
);

async function measure(name, sharesLagMs, isFlooded) {
  const edge = await startEdge({
    DATABASE_URL: control.databaseUrl,
    CLICKHOUSE_URL: control.clickhouseUrl,
    KEY_REQUESTS_PER_SECOND: "10000000",
    SHARES_LOOP_LAG_MS: String(sharesLagMs),
  });
  const { port } = new URL(edge.url);
  await edge.call("/v1/ruleset", QUIET);
  const flood =
    isFlooded &&
    fork(fileURLToPath(new URL("../streams/get.mjs", import.meta.url)), [port, LOUD, CONNECTIONS, SECONDS].map(String));
  const flooded = flood && once(flood, "message");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const [delays, statuses] = [[], new Map()];
  const until = performance.now() + (SECONDS - 1) * 1_000;
  while (performance.now() < until) {
    const startedAt = performance.now();
    const answer = await edge.call("/v1/ruleset", QUIET);
    await answer.arrayBuffer();
    if (answer.status === 200) delays.push(performance.now() - startedAt);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [{ perSecond, other } = { perSecond: 0, other: 0 }] = flooded ? await flooded : [];
  const said = [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
  line(
    `| ${name} | ${said} | ${quantile(delays, 0.5).toFixed(0)} / ${quantile(delays, 0.99).toFixed(0)} | ${perSecond} | ${other} |`,
  );
  await edge[Symbol.asyncDispose]();
}

line(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)} before.`);
line("| the quiet organisation | its answers | p50 / p99, ms | the loud one's rulesets/s | sent away |");
line("| --- | --- | --: | --: | --: |");
await measure("alone", 100, false);
await measure("beside a flood, with shares", 100, true);
await measure("beside a flood, without", 1_000_000_000, true);
await postgres.end();
await control.dispose();
process.exit(0);
