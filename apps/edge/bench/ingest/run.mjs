import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

/**
 * `node apps/edge/bench/ingest/run.mjs [--seconds 15] [--stop-seconds 60] [--connections 128] [--json file]`:
 * events a second stored before the answer, beside a bare handler over the same store, and with the store frozen.
 * Everything is on this machine's loopback and ends with the run.
 */
register();
const { createChaosWorld, KEY, scope } = await import("../../chaos/fixtures.ts");
const here = fileURLToPath(new URL(".", import.meta.url));
const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};
const SECONDS = Number(option("--seconds", 15));
const STOP_SECONDS = Number(option("--stop-seconds", 60));
const CONNECTIONS = Number(option("--connections", 128));
const WARM_SECONDS = 3;
const FAIR_SECONDS = 6;
const EVENTS = 100;

const quantile = (values, q) =>
  values.length ? values[Math.min(values.length - 1, Math.floor(values.length * q))] : 0;
const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const residentMb = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1_024;

/** Loads a port; `during` says what to do in each phase, which is summed up by itself. */
async function load(port, prefix, phases, pids = {}, connections = CONNECTIONS) {
  const child = fork(`${here}load.mjs`, [String(port), KEY, String(connections), prefix]);
  let current = { answered: 0, other: {}, latencies: [] };
  child.on("message", (part) => {
    current.answered += part.answered;
    for (const [status, n] of Object.entries(part.other)) current.other[status] = (current.other[status] ?? 0) + n;
    for (const one of part.latencies) current.latencies.push(one);
    current.bodyBytes = part.bodyBytes;
  });
  const results = [];
  for (const { name, seconds, before, until } of phases) {
    await before?.();
    current = { answered: 0, other: {}, latencies: [] };
    const cpu = Object.entries(pids).map(([who, pid]) => [who, pid(), cpuSeconds(pid())]);
    const start = performance.now();
    if (until) await until();
    else await pause(seconds * 1_000 + 50);
    const took = (performance.now() - start) / 1_000;
    const { answered, other, latencies, bodyBytes } = current;
    latencies.sort((a, b) => a - b);
    results.push({
      name,
      eventsPerSecond: Math.round((answered * EVENTS) / took),
      p50: Math.round(quantile(latencies, 0.5)),
      p99: Math.round(quantile(latencies, 0.99)),
      max: Math.round(latencies.at(-1) ?? 0),
      events: answered * EVENTS,
      seconds: Math.round(took),
      other,
      bodyBytes,
      cores: Object.fromEntries(cpu.map(([who, pid, was]) => [who, ((cpuSeconds(pid) - was) / took).toFixed(2)])),
    });
  }
  child.send("end");
  await once(child, "exit");
  return results;
}

/** Rulesets alone and beside a flood of events, and the other way round: neither may starve. */
async function measureFairness() {
  const phase = (name) => [
    { name: "warm", seconds: 1 },
    { name, seconds: FAIR_SECONDS },
  ];
  const one = async (name, prefix, connections) => {
    const [, result] = await load(world.port, prefix, phase(name), {}, connections);
    return { name, answers: Math.round(result.eventsPerSecond / EVENTS), p50: result.p50, p99: result.p99 };
  };
  const reads = await one("rulesets, alone", "read", 32);
  const [readsBeside] = await Promise.all([one("rulesets, while events flood", "read", 32), one("", "flood1-", 256)]);
  const events = await one("batches of events, alone", "alone-", 64);
  const [eventsBeside] = await Promise.all([
    one("batches of events, while rulesets flood", "beside-", 64),
    one("", "read", 256),
  ]);
  return [reads, readsBeside, events, eventsBeside];
}

const line = (text) => process.stdout.write(`${text}\n`);
const world = await createChaosWorld();
const loads = [];
try {
  const before = loadavg()[0].toFixed(1);
  const warm = { name: "warm", seconds: WARM_SECONDS };
  const bare = spawn(process.execPath, ["--import", "tsx", `${here}bare.mjs`, world.clickhouseUrl()], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first] = await once(bare.stdout, "data");
  const barePort = Number(/port (\d+)/.exec(String(first))[1]);
  const storePid = () => world.storePid();
  loads.push(
    ...(await load(barePort, "bare", [warm, { name: "bare handler", seconds: SECONDS }], {
      server: () => bare.pid,
      store: storePid,
    })),
  );
  bare.kill();
  const profile = process.argv.includes("--profile") ? ["--cpu-prof", `--cpu-prof-dir=${here}profiles`] : [];
  await world.startEdge(
    { STORE_TIMEOUT_MS: "5000", KEY_EVENTS_PER_SECOND: "10000000", KEY_REQUESTS_PER_SECOND: "10000000" },
    profile,
  );
  const settled = async () => {
    while ((await world.metric("telltale_edge_spool_bytes")) > 0) await pause(100);
  };
  const started = performance.now();
  loads.push(
    ...(await load(
      world.port,
      "edge",
      [
        warm,
        { name: "edge", seconds: SECONDS },
        ...(STOP_SECONDS > 0
          ? [
              { name: "edge, store frozen", seconds: STOP_SECONDS, before: () => world.signalStore("SIGSTOP") },
              { name: "edge, store back", seconds: SECONDS, before: () => world.signalStore("SIGCONT") },
            ]
          : []),
      ],
      { server: () => world.edgePid(), store: storePid },
    )),
  );
  const drainStart = performance.now();
  await settled();
  const drainSeconds = (performance.now() - drainStart) / 1_000;
  const accepted = await world.metric('telltale_edge_events_total{result="accepted"}');
  const counts = await world.store.countEvents(scope);
  const stored = counts.exposures + counts.tracks + counts.evaluations;
  const bytes = await world.storedBytes();
  const fairness = await measureFairness();
  line(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, chDB ${await world.storeVersion()}, ${cpus().length} × ${cpus()[0].model.trim()}, load ${before} before, ${CONNECTIONS} connections, batches of ${EVENTS} events (${loads[1].bodyBytes} bytes), ${Math.round((performance.now() - started) / 1_000)} s.`,
  );
  line("");
  line("| | events/s | p50, ms | p99, ms | longest, ms | events | other answers | cores: server, store |");
  line("| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |");
  for (const one of loads.filter(({ name }) => name !== "warm")) {
    const other =
      Object.entries(one.other)
        .map(([status, n]) => `${n} × ${status}`)
        .join(", ") || "none";
    line(
      `| ${one.name} | ${one.eventsPerSecond} | ${one.p50} | ${one.p99} | ${one.max} | ${one.events} | ${other} | ${one.cores.server}, ${one.cores.store} |`,
    );
  }
  line("");
  line(
    `Accepted ${accepted}, in the store ${stored}${stored >= accepted ? "" : ": LOST"}; the rest of the spool was in after ${drainSeconds.toFixed(1)} s; the edge's memory peaked at ${Math.round(residentMb(world.edgePid()))} MB.`,
  );
  line(`Bytes on disk per stored event, merged: ${bytes.map(({ table, each }) => `${table} ${each}`).join(", ")}.`);
  line("");
  line("| one path while the other is flooded | answers/s | p50, ms | p99, ms |");
  line("| --- | ---: | ---: | ---: |");
  for (const { name, answers, p50, p99 } of fairness) line(`| ${name} | ${answers} | ${p50} | ${p99} |`);
  const file = option("--json");
  if (file) writeFileSync(file, JSON.stringify({ loads, accepted, stored, bytes, drainSeconds }, null, 1));
} finally {
  if (process.argv.includes("--profile")) await world.stopEdge();
  await world[Symbol.asyncDispose]();
}
process.exit(0);
