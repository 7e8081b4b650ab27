import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../query/outputs.ts";
import { healthChecks } from "./health.ts";
import { verdictHead } from "./verdict.ts";

const arms = [
  { variant: "gate_30", parts: 50_000 },
  { variant: "gate_40", parts: 50_000 },
];
const snapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  id: "s1",
  createdAt: new Date(0),
  dataTo: new Date(0),
  engine: "welch-1",
  people: 90_189,
  arms: [
    { variant: "gate_30", units: 44_700 },
    { variant: "gate_40", units: 45_489 },
  ],
  severalVariants: 0,
  split: { state: "ok", p: 0.0086, chi2: 6.9, expected: [45_094.5, 45_094.5] },
  metrics: [],
  stepSeconds: 86_400,
  series: [],
  verdict: { code: "collecting", sentence: "" },
  ...changes,
});
const comparison = (rate: number, verdict: "better" | "unclear") => ({
  control: { n: 10, rate: 0.1 },
  treatment: { n: 10, rate },
  difference: null,
  lift: { state: "unbounded" as const, estimate: 0 },
  p: null,
  state: "ok" as const,
  confidence: 0.95,
  verdict,
});

describe("healthChecks", () => {
  it("says the split as found and as planned", () => {
    const [split, several] = healthChecks(snapshot(), arms);
    expect(split).toMatchObject({ state: "ok", detail: "49.6 : 50.4, planned 50.0 : 50.0 (p = 0.0086)" });
    expect(several).toMatchObject({ state: "ok", detail: "Nobody met several variants." });
  });

  it("names what to do when it is broken", () => {
    const broken = snapshot({
      split: { state: "alarm", p: 1e-9, chi2: 40, expected: [] },
      severalVariants: 5_000,
    });
    const [split, several] = healthChecks(broken, arms);
    expect(split?.state).toBe("alarm");
    expect(split?.detail).toContain("loses people");
    expect(several?.state).toBe("warning");
    expect(several?.detail).toContain("5,000 of 95,189");
  });

  it("waits while there is nobody", () => {
    const empty = snapshot({
      people: 0,
      arms: arms.map(({ variant }) => ({ variant, units: 0 })),
      split: { state: "no-data", p: null, chi2: null, expected: [] },
    });
    expect(healthChecks(empty, arms).map(({ state }) => state)).toEqual(["pending", "pending"]);
  });
});

describe("verdictHead", () => {
  it("names the variant to ship: the best of those that are better", () => {
    const metrics: Snapshot["metrics"] = [
      {
        key: "purchase",
        role: "primary",
        arms: [],
        comparisons: [
          { variant: "b", comparison: comparison(0.12, "better") },
          { variant: "c", comparison: comparison(0.13, "better") },
          { variant: "d", comparison: comparison(0.14, "unclear") },
        ],
      },
    ];
    const head = verdictHead(snapshot({ metrics, verdict: { code: "ship", sentence: "" } }));
    expect(head).toEqual({ title: "Ship c", tone: "better" });
  });
});
