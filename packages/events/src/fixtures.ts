import { randomUUID } from "node:crypto";
import type { EvaluationsEvent, ExposureEvent, ObservationsEvent, TrackEvent } from "@telltale/evaluator";
import { beforeEach, inject } from "vitest";
import { type EventStore, openEventStore } from "./event-store.ts";
import type { MomentsQuery } from "./moments.ts";

const NOON = "2026-11-02T12:00:00.000Z";

/** One environment, and the plain question about the experiment `button` in it. */
export const scope = { environmentId: "production-of-shop" };
export const query: MomentsQuery = {
  ...scope,
  experiment: "button",
  variants: ["off", "on"],
  metrics: [
    { key: "bought", definition: { kind: "conversion", source: { event: "purchase", where: [] } } },
    { key: "visited", definition: { kind: "conversion", source: { event: "visit", where: [] } } },
  ],
  from: new Date("2026-11-01T00:00:00Z"),
  to: new Date("2026-11-30T00:00:00Z"),
  by: "targetingKey",
  stepSeconds: 86_400,
  beforeDays: 0,
};
/** The metric that totals what was bought. */
export const spent: MomentsQuery["metrics"][number] = {
  key: "spent",
  definition: { kind: "sum", source: { event: "purchase", where: [] } },
};
/** A moment in November 2026. */
export const day = (date: number, time = "12:00:00.000") => `2026-11-${String(date).padStart(2, "0")}T${time}Z`;
/** Units of a track event by one user. */
export const user = (unit: string) => ({ units: { targetingKey: unit } });

/** An exposure of a user to the experiment `button`, in every part as given or else plain. */
export function exposure(changes: Partial<ExposureEvent> = {}): ExposureEvent {
  return {
    type: "exposure",
    id: randomUUID(),
    time: NOON,
    experiment: "button",
    flag: "button",
    variant: "on",
    unit: "u-1",
    by: "targetingKey",
    version: 1,
    ...changes,
  };
}

/** A purchase of the user `u-1`, in every part as given or else plain. */
export function track(changes: Partial<TrackEvent> = {}): TrackEvent {
  return { type: "track", id: randomUUID(), time: NOON, name: "purchase", units: { targetingKey: "u-1" }, ...changes };
}

/** One evaluation of the flag `button`, in every part as given or else plain. */
export function evaluations(changes: Partial<EvaluationsEvent> = {}): EvaluationsEvent {
  return {
    type: "evaluations",
    id: randomUUID(),
    time: NOON,
    flag: "button",
    variant: "on",
    rule: "default",
    reason: "DEFAULT",
    version: 1,
    count: 1,
    ...changes,
  };
}

/** One evaluation of the flag `button` under release, in every part as given or else plain. */
export function observations(changes: Partial<ObservationsEvent> = {}): ObservationsEvent {
  return {
    type: "observations",
    id: randomUUID(),
    time: NOON,
    flag: "button",
    rule: "r1",
    variant: "on",
    version: 1,
    metric: "exposed",
    count: 1,
    ...changes,
  };
}

declare module "vitest" {
  interface ProvidedContext {
    clickhouseUrl: string;
  }
}

export interface TestStore {
  url: string;
  store: EventStore;
}

/** A fresh event store in a database of its own, on the ClickHouse that the run of the tests has. For tests only. */
export async function createTestStore(): Promise<TestStore> {
  const url = inject("clickhouseUrl").replace(/\w+$/, `test_${randomUUID().replaceAll("-", "")}`);
  const store = openEventStore({ url });
  await store.migrate([]);
  return { url, store };
}

/** Gives each test of a file a store of its own; the file says where it puts it. */
export function giveEachTestAStore(give: (opened: TestStore) => void): void {
  beforeEach(async () => {
    const opened = await createTestStore();
    give(opened);
    return () => opened.store.close();
  });
}
