import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Actor, type Database, getExperiment, openDatabase } from "@telltale/control";
import {
  cookieCats,
  cookieCatsArms,
  createDemoKeys,
  DEMO_PROJECT,
  endStory,
  hillstrom,
  hillstromArms,
  pendingSince,
  replay,
  type Story,
  seedDemo,
} from "@telltale/prisma";
import { createDatabase, createEventStore, type TestDatabase, type TestEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const apps = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../apps");
const processes: ChildProcess[] = [];
let postgres: TestDatabase;
let events: TestEventStore;
let database: Database;
let edgeUrl: string;
let serverKey: string;
let environmentId: string;

/** A real edge and a real worker on real databases with the demo project in them. */
beforeAll(async () => {
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  [postgres, events] = await Promise.all([createDatabase(postgresUrl), createEventStore(clickhouseUrl)]);
  database = openDatabase(postgres.url);
  const person = (role: string) => ({ email: `${role}@example.com`, password: "not a secret here" });
  await seedDemo(database, crypto.randomUUID(), { owner: person("owner"), viewer: person("viewer") });
  serverKey = (await createDemoKeys(database)).production?.server ?? "";
  const place = { key: "production", project: { key: "harbour" } };
  environmentId = (await database.environment.findFirstOrThrow({ where: place })).id;
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

const actor: Actor = { kind: "system", name: "demo seed" };
const address = (story: Story) => ({ project: DEMO_PROJECT, experiment: story.experiment });

async function countStored(): Promise<number> {
  const { exposures, tracks } = await events.store.countEvents({ environmentId });
  return exposures + tracks;
}

/** The story told through the edge until its end, and what the worker made of it. */
async function tell(story: Story, people: number) {
  const start = await pendingSince(database, story);
  if (!start) throw new Error(`${story.title} is told already.`);
  const before = await countStored();
  const acknowledged = await replay(story, { edgeUrl, serverKey, start });
  // Cut off and done again: acknowledged again, counted once.
  expect(await replay(story, { edgeUrl, serverKey, start })).toBe(acknowledged);
  // What is acknowledged waits in the edge's spool: an analysis before it is stored would be of a part.
  await vi.waitFor(
    async () => {
      const stored = (await countStored()) - before;
      if (stored < acknowledged) throw new Error(`stored so far: ${stored}`);
    },
    { timeout: 60_000, interval: 200 },
  );
  await endStory(database, story);
  const { snapshot } = await vi.waitFor(
    async () => {
      const found = await getExperiment(database, actor, address(story));
      if (found.snapshot?.people !== people || found.snapshot.dataTo < (found.endedAt ?? new Date()))
        throw new Error(`not analysed yet: ${JSON.stringify(found.snapshot).slice(0, 600)}`);
      return found;
    },
    { timeout: 60_000, interval: 200 },
  );
  if (!snapshot) throw new Error("There is a snapshot by now.");
  const metric = (key: string) => {
    const found = snapshot.metrics.find((candidate) => candidate.key === key);
    return { rates: found?.arms.map(({ value }) => value ?? 0) ?? [], comparisons: found?.comparisons ?? [] };
  };
  return { acknowledged, snapshot, metric };
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

it("replays Cookie Cats player by player, twice over, and finds what was published", async () => {
  const players = total(cookieCatsArms.map((arm) => arm.players));
  const returns = total(cookieCatsArms.map((arm) => arm.backAfter1 + arm.backAfter7));
  const { acknowledged, snapshot, metric } = await tell(cookieCats, players);
  expect(acknowledged).toBe(players + returns);
  const stored = await events.store.countEvents({ environmentId });
  expect(stored).toMatchObject({ exposures: players, tracks: returns });

  const day7 = metric("retention-7");
  expect(day7.rates.map((rate) => (rate * 100).toFixed(2))).toEqual(["19.02", "18.20"]);
  expect(day7.comparisons[0]?.comparison.p?.toFixed(4)).toBe("0.0016");
  expect(day7.comparisons[0]?.comparison.outcome).toBe("worse");
  const day1 = metric("retention-1");
  expect(day1.rates.map((rate) => (rate * 100).toFixed(2))).toEqual(["44.82", "44.23"]);
  expect(day1.comparisons[0]?.comparison.p?.toFixed(3)).toBe("0.074");
  expect(day1.comparisons[0]?.comparison.outcome).toBe("unclear");
  expect(snapshot.verdict.code).toBe("roll_back");
  expect(snapshot.severalVariants).toBe(0);
  // 44,700 of 90,189 where half were expected: p = 0.0086 as a figure; the test that is looked at at any time is calm.
  expect(snapshot.split.p?.toFixed(4)).toBe("0.0086");
  expect(snapshot.split.state).toBe("ok");
});

it("replays Hillstrom's e-mail test with its three arms, and finds that the men's e-mail brings most visits", async () => {
  const { acknowledged, snapshot, metric } = await tell(hillstrom, total(hillstromArms.map((arm) => arm.customers)));
  expect(acknowledged).toBe(
    total(hillstromArms.map(({ customers, visits, conversions }) => customers + visits + conversions)),
  );
  const visits = metric("visit");
  expect(visits.rates).toEqual(hillstromArms.map((arm) => arm.visits / arm.customers));
  expect(visits.comparisons.map(({ variant, comparison }) => [variant, comparison.outcome])).toEqual([
    ["mens", "better"],
    ["womens", "better"],
  ]);
  const orders = metric("order");
  expect(orders.rates).toEqual(hillstromArms.map((arm) => arm.conversions / arm.customers));
  expect(orders.comparisons.map(({ comparison }) => comparison.outcome)).toEqual(["better", "better"]);
  // Independently: statsmodels' and scipy's values are in packages/analysis/reference.
  expect(visits.comparisons[0]?.comparison.lift).toMatchObject({
    state: "bounded",
    estimate: 3_894 / 21_307 / (2_262 / 21_306) - 1,
  });
  expect(snapshot.verdict).toMatchObject({ code: "ship", variant: "mens" });
  expect(snapshot.split.state).toBe("ok");
});
