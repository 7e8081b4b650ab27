import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { register } from "tsx/esm/api";

/**
 * `node apps/edge/bench/streams/run.mjs [--streams 1,1000,5000,10000] [--changes 20] [--seconds 6]`: from a committed
 * change to every stream and to the SDKs among them, beside a bare Node fan-out of the same bytes; rulesets and 304s a
 * second beside a bare server; memory a stream. Everything is on this machine's loopback and ends with the run.
 */
register();
const { documentOf, openControlPlane } = await import("./fixtures.ts");
const { addKey, publishText, seed, startEdge } = await import("../../src/real-world.ts");
const here = fileURLToPath(new URL(".", import.meta.url));
const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};
const LEVELS = option("--streams", "1,1000,5000,10000").split(",").map(Number);
const CHANGES = Number(option("--changes", 20));
const SECONDS = Number(option("--seconds", 6));
const SDKS = 20;
const KEY = "tts_bench_streams";
const now = () => performance.timeOrigin + performance.now();
const line = (text = "") => process.stdout.write(`${text}\n`);
const row = (cells) => line(`| ${cells.join(" | ")} |`);
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
const shown = (delays) => {
  const sorted = [...delays].sort((a, b) => a - b);
  return `${quantile(sorted, 0.5).toFixed(0)} / ${quantile(sorted, 0.99).toFixed(0)}`;
};
const residentKb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

async function child(file, args) {
  const one = fork(`${here}${file}`, args.map(String));
  const [first] = await once(one, "message");
  const ask = async (what) => {
    one.send(what);
    return (await once(one, "message"))[0];
  };
  return { one, first, ask };
}

const control = await openControlPlane();
const postgres = new pg.Client(control.databaseUrl);
await postgres.connect();
await seed(postgres);
await addKey(postgres, KEY);
let version = 0;
/** @returns when the change was committed */
async function publish() {
  version++;
  const document = documentOf(version);
  await publishText(postgres, version, document.digest, JSON.stringify(document));
  return now();
}
await publish();
const bytes = JSON.stringify(documentOf(1)).length;
const edge = await startEdge({
  DATABASE_URL: control.databaseUrl,
  CLICKHOUSE_URL: control.clickhouseUrl,
  MAX_STREAMS: "20000",
  KEY_REQUESTS_PER_SECOND: "10000000",
});
const port = new URL(edge.url).port;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

line(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)} before; a document of ${bytes} bytes; ${CHANGES} changes a level; p50 / p99, milliseconds.`,
);
line();
row([
  "streams",
  "to every stream, whole documents",
  "to every stream, patches",
  "to the SDKs' callbacks",
  "bare fan-out",
  "edge, MB",
]);
row(["---:", "---:", "---:", "---:", "---:", "---:"]);
const idleKb = residentKb(edge.child.pid);
for (const streams of LEVELS) {
  const cells = [streams];
  let residentMb = 0;
  for (const path of ["/v1/stream", "/v1/stream?patches"]) {
    const raw = await child("clients.mjs", [port, KEY, streams, path]);
    const sdks = path.endsWith("patches") ? await child("sdks.mjs", [port, KEY, SDKS]) : undefined;
    const [all, called] = [[], []];
    for (let i = 0; i < CHANGES; i++) {
      const committedAt = await publish();
      const answers = await Promise.all([raw.ask({ committedAt }), sdks?.ask({ committedAt })]);
      all.push(...answers[0].delays);
      called.push(...(answers[1]?.delays ?? []));
      await pause(100);
    }
    residentMb = Math.max(residentMb, residentKb(edge.child.pid) / 1_024);
    cells.push(shown(all));
    if (sdks) cells.push(shown(called));
    raw.one.kill();
    sdks?.one.kill();
    await pause(500);
  }
  const bare = await child("bare.mjs", [JSON.stringify(documentOf(1))]);
  const raw = await child("clients.mjs", [bare.first.port, KEY, streams, "/v1/stream"]);
  const all = [];
  for (let i = 0; i < CHANGES; i++) {
    const committedAt = now();
    bare.one.send({ version: i + 2 });
    all.push(...(await raw.ask({ committedAt })).delays);
    await pause(100);
  }
  raw.one.kill();
  bare.one.kill();
  cells.push(shown(all), residentMb.toFixed(0));
  row(cells);
  if (streams === LEVELS.at(-1)) {
    const perStreamKb = (residentMb * 1_024 - idleKb) / streams;
    line();
    line(
      `Memory: ${(idleKb / 1_024).toFixed(0)} MB idle, ${perStreamKb.toFixed(1)} kB a stream: ${Math.floor(1_048_576 / perStreamKb).toLocaleString("en")} streams a GB.`,
    );
  }
}
const etag = (await edge.call("/v1/ruleset", KEY)).headers.get("etag");
const bare = await child("bare.mjs", [JSON.stringify(documentOf(version))]);
line();
row(["one process, 32 connections", "edge", "bare Node"]);
row(["---", "---:", "---:"]);
for (const [name, tag, bareTag] of [
  ["rulesets a second", "", ""],
  ["304s a second", etag, '"bare-1"'],
]) {
  const rates = [];
  for (const [target, condition] of [
    [port, tag],
    [bare.first.port, bareTag],
  ]) {
    const { first } = await child("get.mjs", [target, KEY, 32, SECONDS, ...(condition ? [condition] : [])]);
    if (first.other) throw new Error(`${first.other} answers were something else`);
    rates.push(first.perSecond.toLocaleString("en"));
  }
  row([name, ...rates]);
}
bare.one.kill();
line();
line(`Load after: ${loadavg()[0].toFixed(1)}.`);
await postgres.end();
await edge[Symbol.asyncDispose]();
await control.dispose();
