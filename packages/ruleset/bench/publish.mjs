import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { register } from "tsx/esm/api";

/**
 * `node packages/ruleset/bench/publish.mjs [--flags 10,1000,5000] [--changes 40] [--all]`: switches one flag of an
 * environment with so many, again and again: milliseconds from taking the environment's lock to the end of the commit,
 * bytes of write-ahead log, milliseconds from the commit to a reader (what an edge reads by) in a process of its own
 * that serves both audiences; then ten people at once. With `--all` the publisher is not told what has changed.
 * Everything is on this machine and ends with the run.
 */
register();
const { openDatabase } = await import("@telltale/db");
const { createDatabase, startTestPostgres } = await import("./fixtures.ts");
const { publish } = await import("../src/index.ts");

const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};
const LEVELS = option("--flags", "10,1000,5000").split(",").map(Number);
const CHANGES = Number(option("--changes", 40));
const IS_ALL = process.argv.includes("--all");
const PEOPLE = 10;
const line = (text) => process.stdout.write(`${text}\n`);
const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) * q)];
const shown = (numbers) => `${quantile(numbers, 0.5).toFixed(1)} / ${quantile(numbers, 0.99).toFixed(1)}`;

const server = await startTestPostgres();

/** A project with so many flags: every third has a rule, every fifth a rollout. @returns the environment's id */
async function seed(database, flags) {
  const id = randomUUID();
  const organisation = { create: { id: randomUUID(), key: "o", name: "O" } };
  const project = { create: { id: randomUUID(), key: "shop", name: "S", organisation } };
  const data = { id, key: "production", name: "P", position: 0, project };
  const { projectId } = await database.environment.create({ data });
  const keys = Array.from({ length: flags }, (_, i) => `flag-${i}`);
  await database.flag.createMany({
    data: keys.map((key) => ({ id: key, projectId, key, name: key, type: "boolean", visibility: "client" })),
  });
  await database.variant.createMany({
    data: keys.flatMap((key) => [
      { id: `${key}/on`, flagId: key, key: "on", value: true, position: 0 },
      { id: `${key}/off`, flagId: key, key: "off", value: false, position: 1 },
    ]),
  });
  await database.flagConfig.createMany({
    data: keys.map((key, i) => ({ flagId: key, environmentId: id, revision: 1, config: configOf(i, true) })),
  });
  return id;
}

function configOf(i, on) {
  const when = [{ attribute: "country", op: "in", values: ["DE", `X${i % 500}`] }];
  const weights = [
    { variant: "on", parts: 20_000 },
    { variant: "off", parts: 80_000 },
  ];
  const split = { by: "targetingKey", salt: `salt-${i}`, weights };
  const rules = i % 3 ? [] : [{ id: "r1", when, serve: { variant: "on" } }];
  return { on, off: "off", targets: [], rules, serve: i % 5 ? { variant: "off" } : { split } };
}

/** One person's click. @returns milliseconds under the lock, and the version */
async function click(database, environmentId, i, on) {
  let startedAt = 0;
  const where = { flagId_environmentId: { flagId: `flag-${i}`, environmentId } };
  const version = await database.$transaction(
    async (tx) => {
      await tx.flagConfig.update({ where, data: { config: configOf(i, on) } });
      startedAt = performance.now();
      return publish(tx, environmentId, IS_ALL ? "all" : { flags: [`flag-${i}`] });
    },
    { maxWait: 30_000, timeout: 30_000 },
  );
  return { ms: performance.now() - startedAt, version };
}

async function measure(flags) {
  const postgres = await createDatabase(server.postgresUrl);
  const database = openDatabase(postgres.url);
  const environmentId = await seed(database, flags);
  await database.$transaction((tx) => publish(tx, environmentId, "all"), { timeout: 60_000 });
  let arrived = () => undefined;
  const reader = fork(new URL("reader.mjs", import.meta.url).pathname, [postgres.url, environmentId]);
  reader.on("message", (audience) => arrived(audience));
  await once(reader, "message");
  const position = async () => (await database.$queryRaw`select pg_current_wal_insert_lsn()::text as at`)[0].at;
  const [lock, bytes, visible] = [[], [], []];
  for (let n = 0; n < CHANGES; n++) {
    const before = await position();
    const seen = new Promise((resolve) => {
      const audiences = new Set();
      arrived = (audience) => audiences.add(audience).size === 2 && resolve(performance.now());
    });
    const { ms } = await click(database, environmentId, (n * 37) % flags, n % 2 === 1);
    const committed = performance.now();
    lock.push(ms);
    visible.push((await seen) - committed);
    const after = await position();
    const [{ written }] =
      await database.$queryRaw`select pg_wal_lsn_diff(${after}::pg_lsn, ${before}::pg_lsn)::float8 as written`;
    bytes.push(written);
  }
  const startedAt = performance.now();
  const errors = new Map();
  await Promise.all(
    Array.from({ length: PEOPLE }, async (_, person) => {
      for (let n = 0; n < CHANGES / 4; n++)
        await click(database, environmentId, (person * 7 + n) % flags, n % 2 === 0).catch((error) => {
          errors.set(error.code ?? error.name, (errors.get(error.code ?? error.name) ?? 0) + 1);
        });
    }),
  );
  const total = PEOPLE * Math.ceil(CHANGES / 4);
  const perSecond = (total / (performance.now() - startedAt)) * 1_000;
  const failed = [...errors].map(([code, count]) => `${count} × ${code}`).join(", ") || "none";
  line(
    `| ${flags} | ${shown(lock)} | ${shown(bytes.map((b) => b / 1_000))} | ${shown(visible)} | ${perSecond.toFixed(1)} | ${failed} |`,
  );
  reader.kill();
  await database.$disconnect();
  await postgres[Symbol.asyncDispose]();
}

line("| flags | under the lock, ms | written, kB | commit → reader, ms | ten at once, changes/s | errors |");
line("| --: | --: | --: | --: | --: | --- |");
for (const flags of LEVELS) await measure(flags);
await server[Symbol.asyncDispose]();
process.exit(0);
