import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import {
  createExperiment,
  createFlag,
  createKey,
  createMetric,
  createProject,
  ensureOrganisation,
  getExperiment,
  startExperiment,
  switchFlag,
} from "@telltale/control";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openShop, openWorker, person, type Shop, system } from "./fixtures.ts";

const NAMES = ["acme", "beta"] as const;
type Name = (typeof NAMES)[number];
const HOUR_MS = 3_600_000;

/** What one of them did so far: nothing of the other is to be found in it. */
interface Tenant {
  project: string;
  environmentId: string;
  key: string;
  isOn: boolean;
  revision: number;
  visitors: number;
}

let shop: Shop;
let edge: ChildProcess;
let url: string;
const tenants = {} as Record<Name, Tenant>;

async function addTenant(organisation: Name): Promise<Tenant> {
  const { database } = shop;
  const project = `${organisation}/shop`;
  await ensureOrganisation(database, { key: organisation, name: organisation });
  const environments = [{ key: "production", name: "Production" }];
  await createProject(database, system, { organisation, key: "shop", name: "Shop", environments });
  const place = { project, environment: "production" };
  for (const key of ["button", "banner"]) {
    await createFlag(database, system, { project, key, name: key, type: "boolean" });
  }
  await switchFlag(database, system, { ...place, flag: "button", on: true, expectedRevision: 1 });
  const definition = { kind: "conversion" as const, source: { event: "purchase", where: [] } };
  await createMetric(database, system, { project, key: "bought", name: "Bought", definition });
  await createExperiment(database, system, {
    ...place,
    key: "test",
    name: "Test",
    flag: "button",
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [{ key: "bought", role: "primary" }],
  });
  const at = new Date(Date.now() - HOUR_MS).toISOString();
  await startExperiment(database, system, { project, experiment: "test", expectedRevision: 1, at });
  const { key } = await createKey(database, system, { ...place, name: "Server", audience: "server" });
  const { id: environmentId } = await database.environment.findFirstOrThrow({
    where: { project: { key: "shop", organisation: { key: organisation } } },
  });
  return { project, environmentId, key, isOn: false, revision: 1, visitors: 0 };
}

async function startEdge(): Promise<void> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  const env = { PATH: "", PORT: String(port), DATABASE_URL: shop.databaseUrl, CLICKHOUSE_URL: shop.clickhouseUrl };
  const cwd = fileURLToPath(new URL("../../../edge", import.meta.url));
  edge = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], { cwd, env: { ...env, DRAIN_MS: "0" } });
  url = `http://127.0.0.1:${port}`;
  await new Promise<void>((resolve, reject) => {
    edge.stdout?.on("data", (chunk) => String(chunk).includes("edge is listening") && resolve());
    edge.once("exit", (code) => reject(new Error(`the edge ended with ${code}`)));
  });
}

beforeAll(async () => {
  shop = await openShop();
  for (const name of NAMES) tenants[name] = await addTenant(name);
  await startEdge();
});
afterAll(async () => {
  if (edge?.exitCode === null) {
    edge.kill("SIGTERM");
    await once(edge, "exit");
  }
  await shop?.close();
});

const ask = (tenant: Tenant, path: string, init: RequestInit = {}) =>
  fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${tenant.key}`, ...init.headers } });

/** So many visitors, whose ids and events are named as the other tenant's are; every second is in the treatment. */
async function visit(tenant: Tenant, count: number): Promise<void> {
  const at = new Date(Date.now() - HOUR_MS / 2);
  const units = Array.from({ length: count }, (_, i) => tenant.visitors + i);
  const events = units.flatMap((unit) => person("test", `u-${unit}`, unit % 2 === 0 ? "off" : "on", at, 1));
  const headers = { "content-type": "application/json" };
  const answer = await ask(tenant, "/v1/events", { method: "POST", headers, body: JSON.stringify({ events }) });
  expect(await answer.json()).toMatchObject({ accepted: events.length });
  tenant.visitors += count;
}

async function flip(tenant: Tenant): Promise<void> {
  const at = { project: tenant.project, environment: "production", flag: "banner" };
  const isOn = !tenant.isOn;
  const { revision } = await switchFlag(shop.database, system, { ...at, on: isOn, expectedRevision: tenant.revision });
  Object.assign(tenant, { isOn, revision });
}

/** What the edge serves, the store holds and the worker finds of a tenant. */
async function found(tenant: Tenant) {
  const ruleset = (await (await ask(tenant, "/v1/ruleset")).json()) as { flags: Record<string, { on?: boolean }> };
  const { exposures, tracks } = await shop.store.countEvents({ environmentId: tenant.environmentId });
  return { isOn: ruleset.flags.banner?.on !== false, exposures, tracks };
}

const act = fc.record({ who: fc.constantFrom(...NAMES), visitors: fc.integer({ min: 0, max: 40 }) });

it("nothing of a tenant reaches another whose keys, units and event ids are the same: page, edge, store, worker", async () => {
  const clock = openWorker(shop, new Date());
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 8 }), async (acts) => {
      for (const { who, visitors } of acts) await (visitors === 0 ? flip(tenants[who]) : visit(tenants[who], visitors));
      for (const name of NAMES) {
        const { isOn, visitors } = tenants[name];
        await expect
          .poll(async () => ({ name, ...(await found(tenants[name])) }))
          .toEqual({ name, isOn, exposures: visitors, tracks: visitors });
      }
    }),
    { numRuns: 6, seed: 1 },
  );
  for (const name of NAMES) await visit(tenants[name], name === "acme" ? 41 : 64);
  // However often they were switched until now, the two differ.
  if (tenants.acme.isOn === tenants.beta.isOn) await flip(tenants.acme);
  for (const name of NAMES) {
    const { isOn, visitors } = tenants[name];
    await expect
      .poll(async () => ({ name, ...(await found(tenants[name])) }))
      .toEqual({ name, isOn, exposures: visitors, tracks: visitors });
  }
  await clock.turn();
  expect(tenants.acme.visitors).not.toBe(tenants.beta.visitors);
  for (const name of NAMES) {
    const { project, visitors } = tenants[name];
    const { snapshot } = await getExperiment(shop.database, system, { project, experiment: "test" });
    const sizes = snapshot?.metrics[0]?.arms.map(({ n }) => n);
    expect([name, sizes]).toEqual([name, [Math.ceil(visitors / 2), Math.floor(visitors / 2)]]);
  }
});
