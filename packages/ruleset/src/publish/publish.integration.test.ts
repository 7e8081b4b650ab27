import { randomUUID } from "node:crypto";
import type { FlagConfiguration } from "@telltale/configuration";
import type { Database, Prisma, Transaction } from "@telltale/db";
import { isIntact } from "@telltale/evaluator";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { compile } from "../compile/compile.ts";
import { keepWholes, publish, readRuleset, republishOutdated, writeDocuments } from "../index.ts";
import { openTestRulesets, type TestRulesets } from "./fixtures.ts";
import { readSource } from "./source.ts";
import { AUDIENCES, type Changed } from "./step.ts";

let rulesets: TestRulesets;
let database: Database;
let environmentId: string;
let projectId: string;

beforeAll(async () => {
  rulesets = await openTestRulesets();
  ({ database } = rulesets);
});

afterAll(() => rulesets?.[Symbol.asyncDispose]());

/** Each test has a project of its own. */
beforeEach(async () => {
  const key = randomUUID();
  const organisation = { create: { id: randomUUID(), key, name: "O" } };
  const project = { create: { id: randomUUID(), key, name: "P", organisation } };
  const data = { id: randomUUID(), key: "production", name: "P", position: 0, project };
  ({ id: environmentId, projectId } = await database.environment.create({ data }));
});

const off: FlagConfiguration = { on: false, off: "off", targets: [], rules: [], serve: { variant: "on" } };
const asking = (segment: string): FlagConfiguration => ({
  ...off,
  rules: [{ id: "r1", when: [{ op: "inSegment", segments: [segment] }], serve: { variant: "on" } }],
});

/** As a column takes it. */
const json = (config: FlagConfiguration): Prisma.InputJsonValue => JSON.parse(JSON.stringify(config));

async function addFlags(keys: string[], config = off, visibility: "client" | "server" = "client") {
  const id = (key: string) => `${environmentId}/${key}`;
  await database.flag.createMany({
    data: keys.map((key) => ({ id: id(key), projectId, key, name: key, type: "boolean" as const, visibility })),
  });
  const variants = [
    { key: "on", value: true },
    { key: "off", value: false },
  ];
  await database.variant.createMany({
    data: keys.flatMap((key) =>
      variants.map((variant, position) => ({ ...variant, position, id: randomUUID(), flagId: id(key) })),
    ),
  });
  await database.flagConfig.createMany({
    data: keys.map((key) => ({ flagId: id(key), environmentId, revision: 1, config: json(config) })),
  });
}

async function configure(key: string, config: FlagConfiguration, tx: Transaction = database) {
  const where = { flagId_environmentId: { flagId: `${environmentId}/${key}`, environmentId } };
  await tx.flagConfig.update({ where, data: { config: json(config) } });
}

const define = (key: string, included: string[]) => {
  const definition = { included, excluded: [], rules: [] };
  return database.segment.upsert({
    where: { projectId_key: { projectId, key } },
    create: { id: randomUUID(), projectId, key, name: key, definition },
    update: { definition },
  });
};

/** @returns the version, and what the transaction has written for it */
function publishing(changed: Changed) {
  return database.$transaction(async (tx) => {
    const version = await publish(tx, environmentId, changed);
    const [entries] = await tx.$queryRaw<{ rows: number; bytes: number }[]>`
      select count(*)::int as rows, coalesce(sum(pg_column_size(c.*)), 0)::int as bytes
        from compiled_entry c where xmin = pg_current_xact_id()::xid`;
    const [versions] = await tx.$queryRaw<{ rows: number; bytes: number }[]>`
      select count(*)::int as rows, sum(pg_column_size(v.*))::int as bytes
        from ruleset_version v where xmin = pg_current_xact_id()::xid`;
    const bytes = (entries?.bytes ?? 0) + (versions?.bytes ?? 0);
    return { version, entries: entries?.rows, versions: versions?.rows, bytes };
  });
}

/** What everything compiles to now. */
async function wholly(version: number) {
  const { project, ...row } = await database.environment.findUniqueOrThrow({
    where: { id: environmentId },
    include: { project: true },
  });
  const source = await readSource(database, { ...row, name: `${project.key}/${row.key}` }, "all");
  return AUDIENCES.map((audience) => JSON.stringify(compile(source, audience, version)));
}

const rebuilt = async (version?: number) =>
  Promise.all(
    AUDIENCES.map(async (audience) => JSON.stringify(await readRuleset(database, environmentId, audience, version))),
  );

it("writes one entry and one version an audience for a switch, however many flags there are", async () => {
  const keys = Array.from({ length: 400 }, (_, i) => `flag-${i}`);
  await addFlags(keys);
  expect(await publishing("all")).toMatchObject({ version: 1, entries: 2 * (400 + 1), versions: 2 });
  await configure("flag-7", { ...off, on: true });
  const switched = await publishing({ flags: ["flag-7"] });
  expect(switched).toMatchObject({ version: 2, entries: 2, versions: 2 });
  expect(switched.bytes).toBeLessThan(2_000);
  await configure("flag-8", { ...off, on: true });
  // Whoever does not say what has changed writes no more.
  expect(await publishing("all")).toMatchObject({ version: 3, entries: 2, versions: 2 });
  expect(await rebuilt()).toEqual(await wholly(3));
});

it("brings a segment along with the first flag that uses it", async () => {
  await addFlags(["a", "b"]);
  await publishing("all");
  await define("crew", ["ana"]);
  await configure("a", asking("crew"));
  // The flag and the segment, for each audience.
  expect(await publishing({ flags: ["a"] })).toMatchObject({ version: 2, entries: 4 });
  expect(await rebuilt()).toEqual(await wholly(2));
  await configure("b", asking("crew"));
  expect(await publishing({ flags: ["b"] })).toMatchObject({ version: 3, entries: 2 });
  expect(await rebuilt()).toEqual(await wholly(3));
  await configure("b", asking("nobody"));
  await expect(publishing({ flags: ["b"] })).rejects.toThrow("asks for the segment nobody, which is not there");
});

it("makes what compiling everything makes, version by version, whole or not", async () => {
  await addFlags(["a", "b", "10", "9"]);
  await addFlags(["secret"], off, "server");
  const seen = new Map<number, string[]>();
  const next = async (changed: Changed) => {
    const { version } = await publishing(changed);
    seen.set(version, await wholly(version));
  };
  await next("all");
  await define("crew", ["ana"]);
  await next({ segments: ["crew"] });
  await configure("b", asking("crew"));
  await next({ flags: ["b"] });
  await define("crew", ["ana", "li"]);
  await next({ segments: ["crew"] });
  await addFlags(["c"]);
  await database.flag.update({ where: { id: `${environmentId}/a` }, data: { visibility: "server" } });
  await next({ flags: ["a", "c"] });
  await database.flag.update({ where: { id: `${environmentId}/9` }, data: { archivedAt: new Date() } });
  await next({ flags: ["9"] });
  await database.environment.update({ where: { id: environmentId }, data: { critical: true } });
  await next({});
  await database.flagConfig.deleteMany({ where: { flagId: `${environmentId}/10` } });
  await next({ flags: ["10"] });
  for (let i = 0; i < 60; i++) {
    await configure("c", { ...off, on: i % 2 === 0 });
    await next({ flags: ["c"] });
  }
  const check = async () => {
    for (const [version, documents] of seen) expect(await rebuilt(version)).toEqual(documents);
  };
  await check();
  expect(seen.get(68)?.map(isIntact)).toEqual([true, true]);
  expect(await keepWholes(database)).toBe(1);
  expect(await keepWholes(database)).toBe(0);
  const wholes = await database.rulesetVersion.findMany({
    where: { environmentId, audience: "client", isWhole: true },
    orderBy: { version: "asc" },
  });
  expect(wholes.map(({ version }) => version)).toEqual([1, 51]);
  await check();
});

it("looks at every flag when a holdout ends, though the change names none", async () => {
  const holdout = await database.holdout.create({
    data: { id: randomUUID(), projectId, key: "h", name: "H", parts: 5 },
  });
  const weights = [{ variant: "on", parts: 100_000 }];
  const split = { by: "org", salt: "s", weights, holdouts: ["h"] };
  await addFlags(["held"], { ...off, on: true, serve: { split } });
  await publishing("all");
  await database.holdout.update({ where: { id: holdout.id }, data: { endedAt: new Date() } });
  const { version, entries } = await publishing({});
  // The flag's two are written; the holdout's two are gone.
  expect(entries).toBe(2);
  expect(await rebuilt()).toEqual(await wholly(version));
});

it("refuses a flag that asks for a segment that is not there, and a segment's end while a flag asks for it", async () => {
  await addFlags(["a", "b"]);
  const { id } = await define("crew", []);
  await publishing("all");
  await configure("a", asking("nobody"));
  await expect(publishing({ flags: ["a"] })).rejects.toThrow("nobody");
  await configure("a", asking("crew"));
  expect(await publishing({ flags: ["a"] })).toMatchObject({ version: 2, entries: 2 });
  await database.segment.delete({ where: { id } });
  await expect(publishing({ segments: ["crew"] })).rejects.toThrow("crew");
  await configure("a", off);
  expect((await publishing({ flags: ["a"], segments: ["crew"] })).version).toBe(3);
  expect(await rebuilt()).toEqual(await wholly(3));
});

it("gives ten people at once a version each, without a gap or an error", async () => {
  const keys = Array.from({ length: 10 }, (_, i) => `flag-${i}`);
  await addFlags(keys);
  await publishing("all");
  const versions = await Promise.all(
    keys.map(async (key) => {
      const own: number[] = [];
      for (let i = 0; i < 6; i++) {
        const run = async (tx: Transaction) => {
          await configure(key, { ...off, on: i % 2 === 0 }, tx);
          return publish(tx, environmentId, { flags: [key] });
        };
        own.push(await database.$transaction(run, { maxWait: 60_000, timeout: 60_000 }));
      }
      return own;
    }),
  );
  expect(versions.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 2));
  expect(await rebuilt()).toEqual(await wholly(61));
});

it("takes every environment's turn, whatever fails in another's", async () => {
  await writeDocuments(database);
  const broken = environmentId;
  await publishing({});
  await database.rulesetVersion.deleteMany({ where: { environmentId: broken } });
  const { projectId: project } = await database.environment.findUniqueOrThrow({ where: { id: broken } });
  // Orders behind every other.
  const data = { id: `~${randomUUID()}`, key: "last", name: "L", position: 1, projectId: project };
  ({ id: environmentId } = await database.environment.create({ data }));
  await publishing({});
  await expect(writeDocuments(database)).rejects.toThrow(broken);
  expect((await database.environment.findUniqueOrThrow({ where: { id: environmentId } })).rulesetVersion).toBe(1);
  await database.environment.update({ where: { id: broken }, data: { publishedVersion: 0 } });
});

/** As the release before publishes. */
async function publishAsBefore(version: number) {
  await database.environment.update({ where: { id: environmentId }, data: { rulesetVersion: version } });
  const document = '{"schema":2,"flags":{}}';
  const rows = AUDIENCES.map((audience) => ({ environmentId, audience, version, digest: "d", document }));
  await database.ruleset.createMany({ data: rows });
}

it("goes on, whole, where the release before has published, at first and in between", async () => {
  await addFlags(["a"]);
  await publishAsBefore(7);
  expect(await readRuleset(database, environmentId, "server")).toEqual({ schema: 2, flags: {} });
  expect(await republishOutdated(database)).toEqual([environmentId]);
  expect(await republishOutdated(database)).toEqual([]);
  expect(await rebuilt()).toEqual(await wholly(8));
  await publishAsBefore(9);
  await configure("a", { ...off, on: true });
  // Flag `a` alone is named; what the release before did is not known.
  expect((await publishing({ flags: [] })).version).toBe(10);
  expect(await rebuilt()).toEqual(await wholly(10));
  expect(await readRuleset(database, environmentId, "client", 9)).toEqual({ schema: 2, flags: {} });
});

it("writes the newest as whole documents for edges of the release before, and leaves theirs", async () => {
  await writeDocuments(database);
  await addFlags(["a"]);
  await publishAsBefore(1);
  for (const on of [true, false, true]) {
    await configure("a", { ...off, on });
    await publishing({ flags: ["a"] });
  }
  expect(await writeDocuments(database)).toEqual([environmentId]);
  expect(await writeDocuments(database)).toEqual([]);
  const read = () =>
    database.ruleset.findMany({ where: { environmentId }, orderBy: [{ version: "asc" }, { audience: "asc" }] });
  expect((await read()).map(({ version }) => version)).toEqual([1, 1, 4, 4]);
  const newest = (await read()).slice(2);
  expect(newest.map(({ document }) => document)).toEqual(await wholly(4));
  expect(newest.every(({ document, digest }) => JSON.parse(document).digest === digest)).toBe(true);
  expect((await database.environment.findUniqueOrThrow({ where: { id: environmentId } })).rulesetVersion).toBe(4);
  await publishing({});
  await writeDocuments(database);
  expect((await read()).map(({ version }) => version)).toEqual([1, 1, 5, 5]);
});

it("leaves nothing behind of what was rolled back", async () => {
  await addFlags(["a"]);
  await publishing("all");
  const failing = database.$transaction(async (tx) => {
    await configure("a", { ...off, on: true }, tx);
    await publish(tx, environmentId, { flags: ["a"] });
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await rebuilt()).toEqual(await wholly(1));
  expect(await database.rulesetVersion.count({ where: { environmentId } })).toBe(2);
});
