import { register } from "tsx/esm/api";

/**
 * `node packages/control/bench/door.mjs [--flags 10,1000,5000] [--changes 40]`: one person switches one flag of a project
 * with so many, again and again, through the door: milliseconds of the whole commit (permission, policy, revision, audit,
 * publishing) and bytes of write-ahead log; then ten people, each with a flag, at once. PostgreSQL is on this machine.
 */
register();
const { addPeople, openShop } = await import("../src/fixtures.ts");
const { createFlag, switchFlag } = await import("../src/index.ts");
const { commit } = await import("../src/door/commit.ts");

const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};
const LEVELS = option("--flags", "10,1000,5000").split(",").map(Number);
const CHANGES = Number(option("--changes", 40));
const PEOPLE = 10;
const AT_ONCE = 250;
const project = "demo/shop";
const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) * q)];
const line = (text) => process.stdout.write(`${text}\n`);

async function written({ database }) {
  const [row] = await database.$queryRaw`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`;
  return Number(row.bytes);
}

line("flags | commit ms p50 / p99 | kB written | ten at once, changes a second | errors");
for (const count of LEVELS) {
  const shop = await openShop([{ key: "production", name: "Production" }]);
  const { owner } = await addPeople(shop);
  const keys = Array.from({ length: count }, (_, index) => `flag-${index}`);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    const commands = some.map((key) => createFlag.bind({ project, key, name: key, type: "boolean" }));
    await commit(shop.database, owner, commands);
  }
  const states = new Map();
  const flip = async (flag) => {
    const { revision = 1, on = false } = states.get(flag) ?? {};
    const input = { project, flag, environment: "production", on: !on, expectedRevision: revision };
    const done = await switchFlag(shop.database, owner, input);
    states.set(flag, { revision: done.revision, on: !on });
  };
  for (let i = 0; i < 5; i++) await flip("flag-0");
  const before = await written(shop);
  const times = [];
  for (let i = 0; i < CHANGES; i++) {
    const began = performance.now();
    await flip("flag-0");
    times.push(performance.now() - began);
  }
  const kilobytes = (await written(shop)) - before;
  let errors = 0;
  const began = performance.now();
  await Promise.all(
    keys.slice(0, PEOPLE).map(async (key) => {
      for (let i = 0; i < CHANGES; i++) await flip(key).catch(() => (errors += 1));
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const commitMs = `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
  const share = (kilobytes / CHANGES / 1_000).toFixed(1);
  line(`${count} | ${commitMs} | ${share} | ${((PEOPLE * CHANGES) / seconds).toFixed(0)} | ${errors}`);
  await shop.close();
}
