import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Actor, type Database, getExperiment, openDatabase } from "@telltale/control";
import {
  cookieCatsState,
  createDemoKeys,
  endCookieCats,
  published,
  replayCookieCats,
  seedDemo,
} from "@telltale/prisma";
import {
  createDatabase,
  createEventStore,
  startTestDatabases,
  type TestDatabase,
  type TestDatabases,
  type TestEventStore,
} from "@telltale/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const apps = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../apps");
const processes: ChildProcess[] = [];
let databases: TestDatabases;
let postgres: TestDatabase;
let events: TestEventStore;
let database: Database;
let edgeUrl: string;
let serverKey: string;

/** A real edge and a real worker on real databases with the demo project in them. */
beforeAll(async () => {
  databases = await startTestDatabases();
  [postgres, events] = await Promise.all([
    createDatabase(databases.postgresUrl),
    createEventStore(databases.clickhouseUrl),
  ]);
  database = openDatabase(postgres.url);
  const person = (role: string) => ({ email: `${role}@example.com`, password: "not a secret here" });
  await seedDemo(database, crypto.randomUUID(), { owner: person("owner"), viewer: person("viewer") });
  serverKey = (await createDemoKeys(database)).production?.server ?? "";
  const port = await freePort();
  edgeUrl = `http://127.0.0.1:${port}`;
  start("edge", { PORT: String(port) });
  start("worker", {});
  await vi.waitFor(async () => expect((await fetch(`${edgeUrl}/readyz`)).status).toBe(200), {
    timeout: 60_000,
    interval: 200,
  });
});

afterAll(async () => {
  for (const child of processes) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    if (child.kill("SIGTERM")) await gone;
  }
  await database.$disconnect();
  await events[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  await databases[Symbol.asyncDispose]();
});

function start(app: string, env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], {
    cwd: path.join(apps, app),
    env: { ...process.env, DATABASE_URL: postgres.url, CLICKHOUSE_URL: events.url, ...env },
    stdio: "ignore",
  });
  processes.push(child);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

it("replays Cookie Cats player by player, twice over, and finds what was published", async () => {
  const { start: first } = await cookieCatsState(database);
  const players = published.reduce((sum, arm) => sum + arm.players, 0);
  const returns = published.reduce((sum, arm) => sum + arm.backAfter1 + arm.backAfter7, 0);
  const replay = () => replayCookieCats({ edgeUrl, serverKey, start: first });
  expect(await replay()).toBe(players + returns);
  // Cut off and done again: acknowledged again, counted once.
  expect(await replay()).toBe(players + returns);
  const stored = await events.store.countEvents({ project: "harbour", environment: "production" });
  expect(stored).toMatchObject({ exposures: players, tracks: returns });
  await endCookieCats(database);

  const actor: Actor = { kind: "system", name: "test" };
  const address = { project: "harbour", experiment: "cookie-cats" };
  const snapshot = await vi.waitFor(
    async () => {
      const { snapshot } = await getExperiment(database, actor, address);
      if (snapshot?.people !== players || snapshot.verdict.code === "keep-running")
        throw new Error(`not analysed yet: ${JSON.stringify(snapshot).slice(0, 600)}`);
      return snapshot;
    },
    { timeout: 60_000, interval: 200 },
  );

  const metric = (key: string) => {
    const found = snapshot.metrics.find((candidate) => candidate.key === key);
    return { rates: found?.arms.map((arm) => arm.rate ?? 0), comparison: found?.comparisons[0]?.comparison };
  };
  const day7 = metric("retention-7");
  expect(day7.rates?.map((rate) => (rate * 100).toFixed(2))).toEqual(["19.02", "18.20"]);
  expect(day7.comparison?.p?.toFixed(4)).toBe("0.0016");
  expect(day7.comparison?.verdict).toBe("worse");
  const day1 = metric("retention-1");
  expect(day1.rates?.map((rate) => (rate * 100).toFixed(2))).toEqual(["44.82", "44.23"]);
  expect(day1.comparison?.p?.toFixed(3)).toBe("0.074");
  expect(day1.comparison?.verdict).toBe("unclear");
  expect(snapshot.verdict.code).toBe("worse");
  expect(snapshot.severalVariants).toBe(0);
  // 44,700 of 90,189 where half were expected: p = 0.0086, a warning and no alarm.
  expect(snapshot.split.state).toBe("warning");
});
