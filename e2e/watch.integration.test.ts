import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@telltale/sdk";
import { withWatch as withWatchedPage } from "@telltale/sdk/watch";
import { watchListener, withWatch } from "@telltale/sdk/watch/node";
import { createDatabase, createEventStore, startTestDatabases } from "@telltale/testing";
import { rulesetOf } from "@telltale/testing/ruleset";
import pg from "pg";
import { expect, it } from "vitest";
import { KEY, seed } from "./balanced-edges.ts";
import { freePort, startEdge, stopEdge } from "./edge-process.ts";

/** So few that no report has to sample them. */
const SHOPPERS = 100;

/** A canary of `checkout` to half of all, watched by the targeting key. */
async function publishCanary(client: pg.Client, version: number): Promise<void> {
  const watched = { checkout: { by: "targetingKey", above: { "checkout-ms": 500 } } };
  const split = { seed: 7, ends: [2 ** 31, 2 ** 32], variants: ["on", "off"] };
  const document = rulesetOf(
    version,
    { checkout: { rules: [{ id: "everyone-new", when: [], serve: split }] }, calm: { serve: split } },
    {
      environment: "shop/production",
      audience: "server",
      hints: { flushIntervalMs: 60_000, fastLane: true, watched },
    },
  );
  await client.query(`update environment set "rulesetVersion" = $1 where id = 'env'`, [version]);
  await client.query(
    `insert into ruleset ("environmentId", audience, version, digest, document) values ('env', 'server', $1, $2, $3)`,
    [version, document.digest, JSON.stringify(document)],
  );
}

it("what fails while a canary runs reaches the question that judges it: SDK, edge, store", async () => {
  await using databases = await startTestDatabases();
  await using database = await createDatabase(databases.postgresUrl);
  await using events = await createEventStore(databases.clickhouseUrl);
  const postgres = new pg.Client(database.url);
  await postgres.connect();
  await seed(postgres);
  await publishCanary(postgres, 3);
  const since = new Date(Date.now() - 60_000);
  const port = await freePort();
  const edge = await startEdge({
    PORT: String(port),
    DATABASE_URL: database.url,
    CLICKHOUSE_URL: events.url,
    DRAIN_MS: "0",
  });
  const url = `http://127.0.0.1:${port}`;
  const shop = withWatch(createClient({ key: KEY, url }));
  const page = withWatchedPage(createClient({ key: KEY, url }));
  const failing = new Set<string>();
  const served = { on: 0, off: 0 };
  // The new checkout fails for every fourth of its shoppers.
  const server = createServer(
    watchListener(shop, (request, response) => {
      const targetingKey = request.url ?? "";
      const isNew = shop.for({ targetingKey }).value("checkout", false);
      shop.for({ targetingKey }).value("calm", false);
      served[isNew ? "on" : "off"]++;
      const fails = isNew && served.on % 4 === 0;
      if (fails) failing.add(targetingKey);
      response.writeHead(fails ? 500 : 200).end();
    }),
  ).listen(0, "127.0.0.1");
  try {
    expect(await Promise.all([shop.ready(), page.ready()])).toMatchObject([{ version: 3 }, { version: 3 }]);
    const { port: shopPort } = server.address() as AddressInfo;
    for (let i = 0; i < SHOPPERS; i++) await (await fetch(`http://127.0.0.1:${shopPort}/u-${i}`)).arrayBuffer();
    expect(page.for({ targetingKey: "/u-0" }).evaluate("checkout", false).rule).toBe("everyone-new");
    page.observe("checkout-ms", 499.5);
    page.observe("checkout-ms", 700.5);
    const ask = async (metric: string) => {
      const query = { environmentId: "env", flag: "checkout", rule: "everyone-new", since, metrics: [metric] };
      const found = await events.store.observations(query);
      return Object.fromEntries(found.map(({ variant, ...rest }) => [variant, rest]));
    };
    const few = async (metric: string) => {
      const { on, off } = await ask(metric);
      return [on?.observations, off?.observations];
    };
    const isNewInPage = page.for({ targetingKey: "/u-0" }).peek("checkout", false).value;
    const evaluations = [served.on + (isNewInPage ? 1 : 0), served.off + (isNewInPage ? 0 : 1)];
    // By themselves, as the release is watched: nobody flushes.
    await expect.poll(() => few("exposed"), { timeout: 20_000 }).toEqual(evaluations);
    const arm = { version: 3, halvings: 0, last: expect.any(Number), sum: null, squares: null };
    // The page's shopper is one of the shop's.
    expect(await ask("exposed")).toEqual({
      on: { ...arm, metric: "exposed", observations: evaluations[0], units: served.on },
      off: { ...arm, metric: "exposed", observations: evaluations[1], units: served.off },
    });
    expect(served.on + served.off).toBe(SHOPPERS);
    await expect.poll(() => few("latency"), { timeout: 20_000 }).toEqual([served.on, served.off]);
    expect(failing.size).toBeGreaterThan(5);
    expect(await ask("error")).toEqual({
      on: { ...arm, metric: "error", observations: failing.size, units: failing.size },
    });
    const variant = isNewInPage ? "on" : "off";
    const measured = {
      metric: "checkout-ms",
      version: 3,
      halvings: 0,
      last: expect.any(Number),
      observations: 2,
      units: 1,
    };
    expect(await ask("checkout-ms")).toEqual({ [variant]: { ...measured, sum: 1_200, squares: 740_200.5 } });
    expect(shop.status()).toMatchObject({ refused: 0, dropped: 0 });
  } finally {
    server.close();
    await Promise.all([shop.close(), page.close()]);
    await stopEdge(edge);
    await postgres.end();
  }
}, 120_000);
