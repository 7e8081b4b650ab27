import { randomUUID } from "node:crypto";
import {
  type Actor,
  createExperiment,
  createFlag,
  createMetric,
  createProject,
  ensureOrganisation,
  openDatabase,
  startExperiment,
  switchFlag,
} from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { type AnalysesOptions, openAnalyses } from "./analyses.ts";

/** Who prepares what tests need. */
export const system: Actor = { kind: "system", name: "demo seed" };
export const scope = { project: "demo/shop", environment: "production" };

type Events = Parameters<EventStore["append"]>[1];
export type Event = Events[number];

const STARTED = new Date("2026-11-02T00:00:00Z");
/** A moment of November 2026. */
export const day = (date: number, hour = 12) => new Date(Date.UTC(2026, 10, date, hour));

/** A unit's exposure and, where it bought, its purchase a minute later. */
export function person(experiment: string, unit: string, variant: string, at: Date, value?: number): Event[] {
  const by = "targetingKey";
  const met = {
    id: `${experiment}-${unit}-met`,
    time: at.toISOString(),
    experiment,
    flag: "button",
    variant,
    unit,
    by,
  };
  const country = unit.length % 2 === 0 ? "DE" : "FR";
  const exposure: Event = { type: "exposure", ...met, version: 1, attributes: { country } };
  if (value === undefined) return [exposure];
  const time = new Date(at.getTime() + 60_000).toISOString();
  const id = `${experiment}-${unit}-bought`;
  return [exposure, { type: "track", id, time, name: "purchase", value, units: { targetingKey: unit } }];
}

/** A crowd of two arms over some days of November; every fourth buys. */
export function crowd(experiment: string, count: number, from = 2): Event[] {
  return Array.from({ length: count }, (_, i) => {
    const at = day(from + (i % 5), i % 24);
    return person(
      experiment,
      `${experiment}-${i}`,
      i % 2 === 0 ? "off" : "on",
      at,
      i % 4 === 0 ? (i % 7) + 0.25 : undefined,
    );
  }).flat();
}

/** A shop with running experiments `a` and `b` on conversions and revenue, in databases of its own. */
export async function openShop() {
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  const postgres = await createDatabase(postgresUrl);
  const { store, ...events } = await createEventStore(clickhouseUrl);
  const database = openDatabase(postgres.url);
  await ensureOrganisation(database, { key: "demo", name: "Demo" });
  const environments = [{ key: "production", name: "Production", critical: true }];
  await createProject(database, system, { organisation: "demo", key: "shop", name: "Shop", environments });
  const { id: environmentId } = await database.environment.findFirstOrThrow({ where: { key: scope.environment } });
  await createFlag(database, system, { project: "demo/shop", key: "button", name: "Button", type: "boolean" });
  await switchFlag(database, system, { ...scope, flag: "button", on: true, expectedRevision: 1 });
  const source = { event: "purchase", where: [] };
  await createMetric(database, system, {
    project: "demo/shop",
    key: "bought",
    name: "Purchase",
    definition: { kind: "conversion", source },
  });
  await createMetric(database, system, {
    project: "demo/shop",
    key: "revenue",
    name: "Revenue",
    definition: { kind: "sum", source },
  });
  const start = async (key: string) => {
    await createExperiment(database, system, {
      ...scope,
      key,
      name: `Experiment ${key}`,
      flag: "button",
      arms: [
        { variant: "off", parts: 50_000 },
        { variant: "on", parts: 50_000 },
      ],
      metrics: [
        { key: "bought", role: "primary" },
        { key: "revenue", role: "secondary" },
      ],
    });
    await startExperiment(database, system, {
      project: "demo/shop",
      experiment: key,
      expectedRevision: 1,
      at: STARTED.toISOString(),
    });
  };
  return {
    database,
    store,
    start,
    environmentId,
    databaseUrl: postgres.url,
    clickhouseUrl: events.url,
    append: (batch: Event[], receivedAt = day(20)) => store.append({ environmentId }, batch, receivedAt),
    emptyStore: async () => (await createEventStore(clickhouseUrl)).store,
    close: async () => {
      await database.$disconnect();
      await events[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

const quiet = {
  debug: () => {},
  warn: () => {},
  error: (...told: unknown[]) => {
    throw new Error(`The worker broke: ${JSON.stringify(told)}`);
  },
};

/** A worker by a clock of its own, over the real store or one in its place. */
export function openWorker(
  shop: Pick<Shop, "database" | "store">,
  at: Date,
  { store = {}, ...rest }: Partial<AnalysesOptions> & { store?: Partial<EventStore> } = {},
) {
  const clock = { at };
  /** The experiments whose moments were asked for, and which small questions were asked. */
  const asked: string[] = [];
  const small: string[] = [];
  const real = { ...shop.store, ...store };
  const events: AnalysesOptions["events"] = {
    ping: () => real.ping(),
    moments: (query, signal) => {
      asked.push(query.experiment);
      return real.moments(query, signal);
    },
    newsSince: (query, since) => {
      small.push(query.experiment);
      return real.newsSince(query, since);
    },
    hasAttribute: (query, attribute) => real.hasAttribute(query, attribute),
  };
  const clocks = { now: () => clock.at, monotonicMs: () => clock.at.getTime() };
  const analyses = openAnalyses({ database: shop.database, events, ...clocks, log: quiet, ...rest });
  /** Moves the clock, and does what is due by then. */
  const turn = async (laterMs = 0) => {
    clock.at = new Date(clock.at.getTime() + laterMs);
    await analyses.tick();
    await analyses.idle();
  };
  return { analyses, asked, small, turn };
}

/** A key that nobody has used. */
export const fresh = () => `e-${randomUUID().slice(0, 8)}`;
