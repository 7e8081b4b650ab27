import type { ChartCell } from "@telltale/ui/chart";
import type { Comparison, ExperimentDetail, MetricResult, Snapshot } from "../query/outputs.ts";

/** Narrow spaces as plain ones, so that tests can be read. */
export function plain(text: string | null | undefined): string {
  return (text ?? "").replaceAll("\u202f", " ").replaceAll("\u00a0", " ");
}

/** A chart's cell as people read it. */
export function cellText(cell: ChartCell): string {
  return plain(typeof cell === "object" ? cell.text : String(cell));
}

/** A chart's cell as a file has it. */
export function cellValue(cell: ChartCell): string | number | null {
  return typeof cell === "object" ? cell.value : cell;
}

type Bounded = Extract<Comparison["lift"], { state: "bounded" }>;

export function bounded(estimate: number, low: number, high: number): Bounded {
  return { state: "bounded", estimate, low, high, level: 0.95, method: "sequence", formula: "welch" };
}

/** A treatment that is clearly better, unless overridden. */
export function comparison(over: Partial<Comparison> = {}): Comparison {
  return {
    state: "ok",
    control: { n: 2_000, value: 0.19 },
    treatment: { n: 2_000, value: 0.21 },
    difference: bounded(0.02, 0.004, 0.036),
    lift: bounded(0.105, 0.02, 0.19),
    p: 0.012,
    logP: Math.log(0.012),
    adjustedP: 0.012,
    correction: "none",
    outcome: "better",
    needs: null,
    warnings: [],
    posterior: null,
    ...over,
  };
}

export function arm(variant: string, over: Partial<MetricResult["arms"][number]> = {}): MetricResult["arms"][number] {
  return {
    variant,
    n: 2_000,
    value: 0.2,
    raw: 0.2,
    converted: 400,
    reached: null,
    capped: null,
    histogram: null,
    ...over,
  };
}

/** A conversion in two arms, `plain` and `promise`. */
export function metric(over: Partial<MetricResult> = {}): MetricResult {
  return {
    key: "purchase",
    name: "Purchase",
    role: "primary",
    kind: "conversion",
    direction: "increase",
    format: { style: "percent", unit: "" },
    minimumEffect: null,
    margin: 0,
    arms: [arm("plain"), arm("promise", { value: 0.21, raw: 0.21, converted: 420 })],
    comparisons: [{ variant: "promise", comparison: comparison(), guardrail: null }],
    adjustment: null,
    cap: null,
    power: null,
    detectableLift: null,
    ...over,
  };
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    id: "1",
    createdAt: new Date("2026-11-24T14:01:00Z"),
    dataTo: new Date("2026-11-24T14:00:00Z"),
    engine: "telltale/stats/4",
    people: 4_000,
    arms: [
      { variant: "plain", units: 2_010 },
      { variant: "promise", units: 1_990 },
    ],
    severalVariants: 0,
    split: { state: "ok", p: 0.75, chi2: 0.1, expected: [2_000, 2_000], sequentialP: 1 },
    health: [{ check: "split", state: "ok", sentence: "Split as planned.", metric: null, p: 0.75 }],
    settings: {
      method: "sequence",
      alpha: 0.05,
      sides: "two",
      correct: true,
      prior: { mean: 0, sd: 0.1 },
      cupedDays: 14,
      looks: 5,
      power: 0.8,
      minimumUnits: 100,
    },
    asPlanned: true,
    metrics: [metric()],
    progress: { units: 4_000, planned: null, pace: null, looks: 0, sizing: null },
    verdict: {
      code: "keep_running",
      variant: null,
      sentence: "Keep running: nothing is decided yet.",
      reasons: [{ rule: "A rule.", inputs: [], finding: "The interval of Purchase covers 0." }],
      wouldChange: ["More units."],
      daysLeft: { low: 3, high: 5 },
    },
    stepSeconds: 86_400,
    series: [],
    breakdown: null,
    ...over,
  };
}

export function experiment(over: Partial<ExperimentDetail> = {}): ExperimentDetail {
  const found = snapshot();
  return {
    key: "checkout",
    name: "Checkout",
    hypothesis: "",
    status: "running",
    revision: 2,
    unit: "targetingKey",
    share: 100_000,
    startedAt: new Date("2026-11-10T00:00:00Z"),
    endedAt: null,
    flag: "checkout-button",
    environment: "production",
    arms: [
      { variant: "plain", parts: 50_000 },
      { variant: "promise", parts: 50_000 },
    ],
    metrics: [],
    settings: found.settings,
    ownSettings: {},
    plannedUnits: null,
    isFrozen: true,
    editedSince: [],
    afterStop: null,
    flagChanges: [],
    state: {
      lastRunAt: found.createdAt,
      dataTo: found.dataTo,
      seconds: 1,
      isSlow: false,
      problem: null,
      failures: 0,
      newsCheckedAt: null,
      requests: [],
    },
    snapshot: found,
    ...over,
  };
}
