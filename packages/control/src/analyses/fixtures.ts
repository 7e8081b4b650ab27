import { type Analysis, type AnalysisPlan, ENGINE } from "@telltale/analysis";
import type { NewSnapshot } from "./snapshots.ts";

/** What an analysis of nobody says, as far as its shape goes. For tests of what is kept, not of what is computed. */
export function analysisOf(plan: AnalysisPlan, people: number, breakdown: Analysis["breakdown"] = null): Analysis {
  const arms = plan.arms.map(({ variant }) => ({ variant, units: people / plan.arms.length }));
  return {
    ...{
      people,
      arms,
      severalVariants: 0,
      health: [],
      settings: plan.settings,
      asPlanned: true,
      metrics: [],
      breakdown,
    },
    split: { state: "ok", p: 1, chi2: 0, expected: arms.map(({ units }) => units), sequentialP: 1 },
    progress: { units: people, planned: plan.plannedUnits, pace: null, looks: 0, sizing: null },
    verdict: {
      ...{ code: "collecting", variant: null, sentence: `Collecting: ${people} so far.` },
      ...{ reasons: [], wouldChange: [], daysLeft: null },
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
    ...{ experimentId, breakdown, engine, dataTo, digest: `${people} people` },
    inputs: {
      ...{ plan, status: "running", stepSeconds: 60, breakdown, editedSince: [] },
      window: { from: "2026-11-20T00:00:00.000Z", to: dataTo.toISOString() },
      moments: { variants: [], severalVariants: 0, series: [], caps: {}, events: {} },
      query: { text: "select {a:UInt8}", parameters: { a: 1 } },
    },
    analysis: analysisOf(plan, people, values),
  };
}
