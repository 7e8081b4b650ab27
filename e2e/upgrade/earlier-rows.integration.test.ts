import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createBackend } from "@telltale/api/server";
import {
  type Database,
  flagHistory,
  getExperiment,
  getFlag,
  listAudit,
  listExperiments,
  listFlags,
  openDatabase,
  republishOutdated,
  switchFlag,
  verifyAudit,
} from "@telltale/control";
import { applyMigrations } from "@telltale/db/migrate";
import { createClient } from "@telltale/sdk";
import { createEventStore, startTestDatabases } from "@telltale/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort, startEdge, stopEdge } from "../edge-process.ts";
import { root } from "./earlier-release.ts";

/** The last migration of the release that wrote the rows. */
const LAST_THEN = "20261126011300";
const owner = { email: "owner@example.com", password: "north-dock-reef-7950" };
const keys = {
  server: "tt_server_dJNeCpR8vWsnfUxNEPhqGWgBuDpGMSB_",
  client: "tt_client_7IkjcUQNNPv_crxYfuhAh5lfNldsyZpt",
};
const system = { kind: "system", name: "demo seed" } as const;
const project = "demo/harbour";

interface Then {
  configs: { flag: string; environment: string; revision: number; config: unknown }[];
  revisions: { flag: string; environment: string; revision: number; sentence: string }[];
  audit: { sentence: string; objectKey: string; comment: string }[];
  experiments: { key: string; status: string; arms: unknown }[];
}

const closing: (() => PromiseLike<unknown>)[] = [];
let urls: { databaseUrl: string; clickhouseUrl: string };
let database: Database;
let then: Then;

/** Everything that is asked for later, as the earlier schema holds it. */
async function readThen(client: pg.Client): Promise<Then> {
  const read = async (query: string) => (await client.query(query)).rows as never;
  const of = `join flag f on f.id = c."flagId" join environment e on e.id = c."environmentId"`;
  return {
    configs: await read(`select f.key as flag, e.key as environment, revision, config from flag_config c ${of}`),
    revisions: await read(`select f.key as flag, e.key as environment, revision, sentence from flag_revision c ${of}`),
    audit: await read(`select sentence, "objectKey", comment from audit_event order by id desc`),
    experiments: await read("select key, status, arms from experiment order by key"),
  };
}

beforeAll(async () => {
  const databases = await startTestDatabases();
  closing.unshift(() => databases[Symbol.asyncDispose]());
  const { store, url: clickhouseUrl } = await createEventStore(databases.clickhouseUrl);
  closing.unshift(() => store.close());
  urls = { databaseUrl: databases.postgresUrl, clickhouseUrl };
  const folder = mkdtempSync(path.join(tmpdir(), "telltale-earlier-"));
  const migrations = path.join(folder, "migrations");
  const isOfThen = (file: string) => !/^\d{14}_/.test(file) || file <= `${LAST_THEN}_~`;
  const filter = (file: string) => isOfThen(path.basename(file));
  cpSync(path.join(root, "prisma/migrations"), migrations, { recursive: true, filter });
  await applyMigrations(urls.databaseUrl, { schema: path.join(root, "prisma/schema"), migrations });
  rmSync(folder, { recursive: true, force: true });
  const client = new pg.Client(urls.databaseUrl);
  await client.connect();
  await client.query(readFileSync(new URL("earlier-rows.sql", import.meta.url), "utf8"));
  then = await readThen(client);
  await client.end();
  const applied = await applyMigrations(urls.databaseUrl);
  expect(applied.length).toBeGreaterThan(0);
  database = openDatabase(urls.databaseUrl);
  closing.unshift(() => database.$disconnect());
  // As the worker does when it starts.
  await republishOutdated(database);
});
afterAll(async () => {
  for (const close of closing) await close();
});

describe("rows of an earlier release, brought up to date", () => {
  it("are the same flags, with their configurations and their history", async () => {
    const flags = await listFlags(database, system, { project });
    const found = [];
    for (const { key } of flags) {
      const { environments } = await getFlag(database, system, { project, flag: key });
      for (const { key: environment, revision, config } of environments) {
        found.push({ flag: key, environment, revision, config });
        const history = await flagHistory(database, system, { project, flag: key, environment });
        const known = then.revisions.filter((one) => one.flag === key && one.environment === environment);
        const told = history.map((one) => ({ flag: key, environment, revision: one.revision, sentence: one.sentence }));
        expect(told).toEqual(known.sort((a, b) => b.revision - a.revision));
      }
    }
    const order = (rows: Then["configs"]) =>
      [...rows].sort((a, b) => (a.flag + a.environment < b.flag + b.environment ? -1 : 1));
    expect(found.length).toBeGreaterThan(20);
    expect(order(found)).toEqual(order(then.configs));
  });

  it("are the same experiments and the same audit trail", async () => {
    const experiments = await listExperiments(database, system, { project });
    const found = [];
    for (const { key } of experiments) {
      const { status, arms } = await getExperiment(database, system, { project, experiment: key });
      found.push({ key, status, arms });
    }
    expect(found.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(then.experiments);
    const { items } = await listAudit(database, system, { project, limit: 500 });
    const told = items.map(({ sentence, objectKey, comment }) => ({ sentence, objectKey, comment }));
    expect(told).toEqual(then.audit);
  });

  it("are what people sign in to with their passwords of then, and change", async () => {
    const publicUrl = "http://localhost:4400";
    const secret = { authSecret: "0123456789abcdefghijklmnopqrstuvwxyz", publicUrl, edgeUrl: "http://127.0.0.1:9" };
    const backend = createBackend({ ...urls, ...secret });
    const signIn = (password: string) => {
      const body = JSON.stringify({ email: owner.email, password });
      const headers = { "content-type": "application/json", origin: publicUrl };
      return backend.auth(new Request(`${publicUrl}/api/auth/sign-in/email`, { method: "POST", headers, body }));
    };
    expect((await signIn("another password")).status).toBe(401);
    const answer = await signIn(owner.password);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
    expect(await backend.session(new Headers({ cookie: cookie.join("; ") }))).toMatchObject({
      organisations: [{ role: "Owner", projects: [{ address: project }] }],
    });
    const { id: userId } = await database.user.findUniqueOrThrow({ where: { email: owner.email } });
    const flag = { project, flag: "free-shipping", environment: "staging", on: false };
    const { revision } = await switchFlag(database, { kind: "user", userId }, flag);
    expect(revision).toBe(
      1 + (then.configs.find((one) => one.flag === flag.flag && one.environment === "staging")?.revision ?? 0),
    );
    const { organisationId } = await database.project.findFirstOrThrow({ where: { key: "harbour" } });
    // The chain begins with the first line of now: the sign-in that failed, the one that did not, and the switch.
    // Nobody waits for the line of the one that failed.
    await vi.waitFor(async () => {
      expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true, lines: 3 });
    });
  });

  it.each(Object.entries(keys))("are what an SDK with its %s key of then gets", async (_audience, key) => {
    const spool = mkdtempSync(path.join(tmpdir(), "telltale-spool-"));
    const port = await freePort();
    const edge = await startEdge({
      DATABASE_URL: urls.databaseUrl,
      CLICKHOUSE_URL: urls.clickhouseUrl,
      PORT: String(port),
      SPOOL_DIR: spool,
      DRAIN_MS: "0",
      SNAPSHOT_DIR: path.join(spool, "snapshots"),
    });
    const client = createClient({ key, url: `http://127.0.0.1:${port}` });
    try {
      await client.ready();
      const { variant, reason } = client.for({ targetingKey: "u-1" }).evaluate("free-shipping", false);
      expect([variant, reason]).toEqual([expect.stringMatching(/^(on|off)$/), "SPLIT"]);
    } finally {
      await client.close();
      await stopEdge(edge);
      rmSync(spool, { recursive: true, force: true });
    }
  });
});
