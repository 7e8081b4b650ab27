import { type Analysis, type AnalysisPlan, ENGINE } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { addPeople, draft, openShop, type People, system, type TestShop } from "../fixtures.ts";
import {
  analysesDue,
  analysisOrder,
  createMetric,
  recordRun,
  saveSnapshot,
  startExperiment,
  stopExperiment,
} from "../index.ts";
import type { NewSnapshot } from "./snapshots.ts";

/** A shop with its people, and with a metric `bought`. */
export async function openShopWithMetric(): Promise<TestShop & { people: People }> {
  const shop = await openShop();
  await createMetric(shop.database, system, {
    project: "demo/shop",
    key: "bought",
    name: "Bought",
    definition: { kind: "conversion", source: { event: "purchase" } },
  });
  return { ...shop, people: await addPeople(shop) };
}

/** What an analysis of nobody says, as far as its shape goes. For tests of what is kept, not of what is computed. */
export function analysisOf(plan: AnalysisPlan, people: number, breakdown: Analysis["breakdown"] = null): Analysis {
  const arms = plan.arms.map(({ variant }) => ({ variant, units: people / plan.arms.length }));
  return {
    people,
    arms,
    severalVariants: 0,
    health: [],
    settings: plan.settings,
    asPlanned: true,
    metrics: [],
    breakdown,
    split: { state: "ok", p: 1, chi2: 0, expected: arms.map(({ units }) => units), sequentialP: 1 },
    progress: { units: people, planned: plan.plannedUnits, pace: null, looks: 0, sizing: null },
    verdict: {
      code: "collecting",
      variant: null,
      sentence: `Collecting: ${people} so far.`,
      reasons: [],
      wouldChange: [],
      daysLeft: null,
    },
    stepSeconds: 60,
    series: [],
  };
}

/** A run to keep, which found so many people; the same number is the same finding. */
export function runOf(
  experimentId: string,
  plan: AnalysisPlan,
  people: number,
  parts: Partial<Pick<NewSnapshot, "breakdown" | "engine" | "dataTo">> = {},
): NewSnapshot {
  const { breakdown = null, engine = ENGINE, dataTo = new Date("2026-11-20T12:00:00Z") } = parts;
  const values = breakdown === null ? null : { attribute: breakdown, values: [] };
  return {
    experimentId,
    breakdown,
    engine,
    dataTo,
    digest: `${people} people`,
    inputs: {
      plan,
      status: "running",
      stepSeconds: 60,
      breakdown,
      editedSince: [],
      window: { from: "2026-11-20T00:00:00.000Z", to: dataTo.toISOString() },
      moments: { variants: [], severalVariants: 0, series: [], caps: {}, events: {} },
      query: { text: "select {a:UInt8}", parameters: { a: 1 } },
    },
    analysis: analysisOf(plan, people, values),
  };
}

/** A worker's time at which all that tests write down has happened. */
export const tomorrow = () => new Date(Date.now() + 86_400_000);

/** A running experiment on the metric `bought`, and what is to be kept of its runs. */
export async function startRunning(database: Database, key: string) {
  const address = await draft(database, key, { metrics: [{ key: "bought", role: "primary" }] });
  await startExperiment(database, system, { ...address, expectedRevision: 1 });
  const { id } = await database.experiment.findFirstOrThrow({ where: { key } });
  const order = await analysisOrder(database, id);
  if (!order) throw new Error("It has started.");
  const run = (found: number, parts: Parameters<typeof runOf>[3] = {}) => runOf(id, order.plan, found, parts);
  const save = (found: number, parts: Parameters<typeof runOf>[3] = {}) => saveSnapshot(database, run(found, parts));
  const due = async (lateMs?: number, now = tomorrow()) =>
    (await analysesDue(database, { engine: ENGINE, now, lateMs })).find(({ experiment }) => experiment === key);
  const stop = () => stopExperiment(database, system, { ...address, expectedRevision: 2 });
  const good = (at: Date) =>
    recordRun(database, { experimentId: id, at, seconds: 2, isSlow: false, outcome: { dataTo: at } });
  return { address, id, run, save, due, stop, good };
}
