// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { arm, bounded, comparison, metric, plain, snapshot } from "../fixtures.ts";
import { MetricTable } from "./metric-table.tsx";

afterEach(cleanup);
const row = (name: RegExp) => screen.getByRole("row", { name });

describe("MetricTable", () => {
  it("has primary metrics first, guardrails before secondary ones, and no empty group", () => {
    const metrics = [
      metric({ key: "s", name: "Sessions", role: "secondary" }),
      metric({ key: "p", name: "Purchase" }),
      metric({ key: "q", name: "Spend" }),
      metric({ key: "g", name: "Errors", role: "guardrail" }),
    ];
    const { rerender } = render(<MetricTable analysis={snapshot({ metrics })} lift="relative" />);
    const groups = [...document.querySelectorAll("th[scope=rowgroup]")].map(({ textContent }) => textContent);
    expect(groups).toEqual(["Primary", "Guardrails", "Secondary"]);
    rerender(<MetricTable analysis={snapshot()} lift="relative" />);
    expect(document.querySelectorAll("th[scope=rowgroup]")).toHaveLength(1);
  });

  it("reads a row: values, lift, interval, p raw and corrected, outcome", () => {
    const corrected = comparison({ adjustedP: 0.036, correction: "holm", warnings: ["few_conversions"] });
    const metrics = [
      metric({ comparisons: [{ variant: "promise", guardrail: null, comparison: corrected }], detectableLift: 0.024 }),
    ];
    render(<MetricTable analysis={snapshot({ metrics })} lift="relative" />);
    const text = plain(row(/Purchase/).textContent);
    for (const part of [
      "20.00 %",
      "21.00 %",
      "420 of 2,000",
      "+10.5 %",
      "+2.0 % to +19.0 %",
      "p 0.012",
      "0.036 corrected",
      "▲ Better",
      "Few conversions",
      "would find 2.4 %",
    ]) {
      expect(text).toContain(part);
    }
    expect(screen.getByRole("columnheader", { name: /^95 % CI/ })).toBeTruthy();
  });

  it("says the level in each row where rows have different ones", () => {
    const other = comparison({ lift: { ...bounded(0.1, 0.02, 0.2), level: 0.975 } });
    const metrics = [
      metric(),
      metric({ key: "b", name: "Spend", comparisons: [{ variant: "promise", guardrail: null, comparison: other }] }),
    ];
    render(<MetricTable analysis={snapshot({ metrics })} lift="relative" />);
    expect(screen.getByRole("columnheader", { name: /^CI/ })).toBeTruthy();
    expect(plain(row(/Spend/).textContent)).toContain("97.5 % CI");
  });

  it("shows differences in the metric's unit when asked", () => {
    render(<MetricTable analysis={snapshot()} lift="absolute" />);
    expect(plain(row(/Purchase/).textContent)).toContain("+0.40 pt to +3.60 pt");
    expect(screen.getByRole("columnheader", { name: "Difference" })).toBeTruthy();
  });

  it("has a row for each treatment, whatever is known of it", () => {
    const unknown = { state: "unknown" as const, reason: "zero_baseline" as const, estimate: null };
    const arms = [arm("plain"), arm("b"), arm("c"), arm("d")];
    const comparisons = [
      { variant: "b", guardrail: null, comparison: comparison({ lift: unknown, outcome: "unknown", p: null }) },
      {
        variant: "c",
        guardrail: null,
        comparison: comparison({
          lift: { state: "unbounded", estimate: 3, level: 0.95, method: "fixed", formula: "fieller" },
        }),
      },
      {
        variant: "d",
        guardrail: null,
        comparison: comparison({ lift: { ...bounded(0.1, 0.05, 1), state: "one_sided" as const, high: null } }),
      },
    ];
    const analysis = snapshot({
      arms: arms.map(({ variant }) => ({ variant, units: 10 })),
      metrics: [metric({ arms, comparisons })],
    });
    render(<MetricTable analysis={analysis} lift="relative" />);
    expect(screen.getAllByRole("row", { name: /Purchase/ }).map((found) => plain(found.textContent))).toEqual([
      expect.stringContaining("The control is at 0"),
      expect.stringContaining("any lift fits"),
      expect.stringContaining("at least +5.0 %"),
    ]);
  });
});

describe("a guardrail", () => {
  it("is read once: its row, its state and what lies behind it say the same", () => {
    const posterior = {
      mean: 0.1,
      sd: 0.01,
      low: 0.08,
      high: 0.12,
      level: 0.95,
      chanceToWin: 0.99999999,
      chanceToLose: 1e-8,
      lossOfShipping: 1e-12,
      lossOfKeeping: 0.1,
    };
    const guardrail = { state: "shown" as const, margin: 0.02, isAbsolute: false };
    const result = { variant: "promise", guardrail, comparison: comparison({ outcome: "better", posterior }) };
    const metrics = [metric({ role: "guardrail", comparisons: [result] })];
    render(<MetricTable analysis={snapshot({ metrics })} lift="relative" />);
    expect(row(/Purchase/).textContent).toContain("Better");
    expect(plain(row(/Purchase/).textContent)).toContain("Shown: less harm than 2 %");
    expect(row(/Purchase/).textContent).toContain("one-sided");
    fireEvent.click(screen.getByRole("button", { name: "Details: Purchase, promise" }));
    const chance = screen.getByText("Chance that promise is better").parentElement;
    expect(plain(chance?.textContent)).toContain("> 99.99 %");
  });

  it.each(["two", "one"] as const)("names a p of one side, by a plan with sides: %s", (sides) => {
    const { settings } = snapshot();
    render(<MetricTable analysis={snapshot({ settings: { ...settings, sides } })} lift="relative" />);
    expect(row(/Purchase/).textContent?.includes("one-sided")).toBe(sides === "one");
  });

  it.each([
    ["broken", "Broken: harm beyond 2 %"],
    ["not_shown", "Not shown to keep 2 %"],
    ["no_harm", "No harm proven"],
    ["unknown", "Nothing known of it"],
    ["not_received", "No data received"],
  ] as const)("says that it is %s", (state, words) => {
    const guardrail = { state, margin: 0.02, isAbsolute: false };
    const result = { variant: "promise", guardrail, comparison: comparison({ outcome: "unclear" }) };
    render(
      <MetricTable
        analysis={snapshot({ metrics: [metric({ role: "guardrail", comparisons: [result] })] })}
        lift="relative"
      />,
    );
    expect(plain(row(/Purchase/).textContent)).toContain(words);
  });
});

describe("what lies behind a row", () => {
  it("opens by a button: belief, adjustment, cap, steps, power", () => {
    const posterior = {
      mean: 0.1,
      sd: 0.01,
      low: 0.08,
      high: 0.12,
      level: 0.95,
      chanceToWin: 0.9999999,
      chanceToLose: 1e-7,
      lossOfShipping: 1e-9,
      lossOfKeeping: 0.1,
    };
    const metrics = [
      metric({
        kind: "funnel" as const,
        power: 0.9,
        minimumEffect: 0.02,
        adjustment: { theta: 1, varianceReduction: 0.4 },
        cap: { level: 0.999, y: 12, x: null },
        arms: [
          arm("plain", { value: 0.2, raw: 0.19, capped: 3, reached: [1_000, 400] }),
          arm("promise", { value: 0.21, raw: 0.22, reached: [1_100, 420] }),
        ],
        comparisons: [{ variant: "promise", guardrail: null, comparison: comparison({ posterior }) }],
      }),
    ];
    render(<MetricTable analysis={snapshot({ metrics })} lift="relative" />);
    expect(plain(row(/Purchase/).textContent)).toContain("raw 19.00 %");
    const toggle = screen.getByRole("button", { name: "Details: Purchase, promise" });
    expect(toggle.getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByText("Expected loss")).toBeNull();
    fireEvent.click(toggle);
    expect(toggle.getAttribute("aria-expanded")).toBe("true");
    const details = document.getElementById(toggle.getAttribute("aria-controls") ?? "");
    if (!details) throw new Error("the button controls nothing");
    const text = plain(details.textContent);
    for (const part of ["> 99.99 %", "40 % less variance", "3 units", "90.0 % chance", "400 (40.0 %)", "sequential"]) {
      expect(text).toContain(part);
    }
    expect(within(details).getAllByRole("columnheader")).toHaveLength(3);
  });
});
