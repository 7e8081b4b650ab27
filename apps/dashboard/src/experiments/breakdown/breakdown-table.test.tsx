// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Breakdown } from "../../query/outputs.ts";
import { bounded, comparison, metric, plain } from "../fixtures.ts";
import { BreakdownTable } from "./breakdown-table.tsx";

afterEach(cleanup);
const value = (name: string | null, estimate: number): Breakdown["values"][number] => ({
  value: name,
  arms: [
    { variant: "plain", units: 600 },
    { variant: "promise", units: 634 },
  ],
  split: {
    state: name === "DE" ? "alarm" : "ok",
    sequentialP: 1,
    p: name === "DE" ? 0.0002 : 0.5,
    chi2: 1,
    expected: [617, 617],
  },
  metrics: [
    {
      key: "purchase",
      arms: [],
      comparisons: [
        {
          variant: "promise",
          guardrail: null,
          comparison: comparison({ lift: bounded(estimate, estimate - 0.1, estimate + 0.1) }),
        },
      ],
    },
  ],
});
const breakdown: Breakdown = { attribute: "country", values: [value("DE", 0.2), value("", 0), value(null, -0.3)] };

it("has values down and metrics across, what is not there as a dash, and names for values without one", () => {
  const metrics = [metric(), metric({ key: "spend", name: "Spend" })];
  render(<BreakdownTable breakdown={breakdown} metrics={metrics} lift="relative" />);
  expect(screen.getAllByRole("columnheader").map(({ textContent }) => textContent)).toEqual([
    "country",
    "Variant",
    "Purchase",
    "Spend",
  ]);
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows.map((row) => plain(row.querySelector("th")?.textContent))).toEqual([
    "DE1,234 unitsSplit broken, do not trust this row (p = 0.0002)",
    "(none)1,234 units",
    "All other values1,234 units",
  ]);
  expect(plain(rows[0]?.textContent)).toContain("+20.0 % +10.0 % to +30.0 %");
  expect(rows[0]?.lastElementChild?.textContent).toContain("–");
});
