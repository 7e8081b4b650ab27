import { createServer } from "node:http";
import { openDatabase, WORKER_LOCK } from "@telltale/control";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openEdgeMonitor } from "./edge.ts";
import { openTestBackend, type TestBackend } from "./fixtures.ts";
import { openHealth } from "./health.ts";

let shop: TestBackend;
beforeAll(async () => {
  shop = await openTestBackend();
});
afterAll(() => shop?.close());

it("says what is away, to those who are signed in", async () => {
  expect(await shop.backend.down(new Headers())).toBeNull();
  const { cookie } = await shop.signIn("viewer");
  expect(await shop.backend.down(new Headers({ cookie }))).toEqual(["worker", "edge"]);
});

it("knows a worker by its lock, and an edge by its answer", async () => {
  const server = createServer((_request, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
  const { database, store: events } = shop;
  const look = openHealth({ database, events, edge: openEdgeMonitor({ url }) });
  expect(await look(0)).toEqual(["worker"]);
  await database.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${WORKER_LOCK})`;
    // Who asks at once shares an answer, who asks later gets another.
    expect(await look(1)).toEqual(["worker"]);
    expect(await look(10_000)).toEqual([]);
  });
  server.close();
});

it("names the database, and only what else is known, while the database is away", async () => {
  const database = openDatabase("postgres://nobody:none@127.0.0.1:9/none");
  const look = openHealth({ database, events: shop.store, edge: openEdgeMonitor({ url: "http://127.0.0.1:9" }) });
  expect(await look()).toEqual(["database", "edge"]);
  await database.$disconnect();
});
