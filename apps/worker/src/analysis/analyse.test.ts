import type { AnalysisPlan } from "@telltale/control";
import type { ExperimentMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { analyse } from "./analyse.ts";
import { stepFor } from "./series.ts";
import { shortP } from "./verdict.ts";

const plan: Pick<AnalysisPlan, "status" | "arms" | "metrics"> = {
  status: "ended",
  arms: [
    { variant: "plain", parts: 50_000 },
    { variant: "promise", parts: 50_000 },
  ],
  metrics: [{ key: "purchase", name: "Purchase", eventName: "purchase", direction: "increase", role: "primary" }],
};

function moments(control: [number, number], treatment: [number, number]): ExperimentMoments {
  const arm = (variant: string, [units, converted]: [number, number]) => ({
    variant,
    units,
    metrics: { purchase: { n: units, converted, sum: converted, sumSquares: converted } },
  });
  const point = (at: string, variant: string, [units, converted]: [number, number]) => ({
    at,
    variant,
    units,
    metrics: { purchase: { converted, cohortConverted: converted } },
  });
  return {
    variants: [arm("plain", control), arm("promise", treatment)],
    severalVariants: 0,
    series: [
      point("2026-11-01T00:00:00.000Z", "plain", control),
      point("2026-11-02T00:00:00.000Z", "promise", treatment),
    ],
    rows: control[0] + treatment[0],
  };
}

const verdict = (control: [number, number], treatment: [number, number], status: "running" | "ended" = "ended") =>
  analyse({ ...plan, status }, moments(control, treatment), 86_400).verdict;

describe("verdict", () => {
  it("ships what is better, keeps the control from what is worse, and says when neither is clear", () => {
    expect(verdict([10_000, 1_000], [10_000, 1_200]).code).toBe("ship");
    expect(verdict([10_000, 1_200], [10_000, 1_000]).code).toBe("worse");
    expect(verdict([10_000, 1_000], [10_000, 1_010]).code).toBe("no-difference");
  });
  it("puts health first: a broken split replaces any verdict", () => {
    expect(verdict([10_000, 1_000], [9_000, 1_200]).code).toBe("health");
  });
  it("never says ship while the experiment runs", () => {
    const { code, sentence } = verdict([10_000, 1_000], [10_000, 1_200], "running");
    expect(code).toBe("keep-running");
    expect(sentence).toContain("valid at the planned end only");
  });
  it("says that it is collecting when there is nothing to say", () => {
    expect(verdict([0, 0], [0, 0], "running").code).toBe("collecting");
    expect(verdict([1, 0], [0, 0], "running").code).toBe("collecting");
  });
});

describe("analyse", () => {
  it("adds the series up to the totals", () => {
    const { series } = analyse(plan, moments([100, 10], [110, 22]), 86_400);
    expect(series.filter((point) => point.at.startsWith("2026-11-02"))).toMatchObject([
      { variant: "plain", units: 100, converted: 10, rate: 0.1, lift: null },
      { variant: "promise", units: 110, converted: 22, rate: 0.2 },
    ]);
  });
  it("is JSON to the last number", () => {
    for (const [control, treatment] of [
      [
        [0, 0],
        [0, 0],
      ],
      [
        [1, 1],
        [1, 0],
      ],
      [
        [5, 0],
        [7, 7],
      ],
    ] as [[number, number], [number, number]][]) {
      const result = analyse(plan, moments(control, treatment), 86_400);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }
  });
});

describe("shortP", () => {
  it("keeps two digits and never prints zero", () => {
    expect([0.00159, 0.0743, 0.5, 1e-9, null].map(shortP)).toEqual([
      "0.0016",
      "0.074",
      "0.5",
      "under 0.0001",
      "unknown",
    ]);
  });
});

describe("stepFor", () => {
  it("draws seconds, minutes, hours or days, whichever keeps the chart readable", () => {
    const hour = 3_600_000;
    expect([hour / 4, hour, 10 * hour, 100 * hour, 2_000 * hour].map(stepFor)).toEqual([10, 30, 300, 3_600, 86_400]);
  });
});
