// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { outlines, stepPath } from "./bins.ts";
import { Histogram } from "./histogram.tsx";

afterEach(cleanup);
const plain = {
  name: "plain",
  place: 0,
  bins: [
    { from: 0, to: 1, units: 60 },
    { from: 1, to: 2, units: 40 },
  ],
};
const promise = {
  name: "promise",
  place: 1,
  bins: [
    { from: 1, to: 2, units: 5 },
    { from: 8, to: 16, units: 5 },
  ],
};

describe("outlines", () => {
  it("puts arms of different sizes on the same bins, as shares", () => {
    const { slots, shares, most } = outlines([plain, promise]);
    expect(slots.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 8],
      [8, 16],
    ]);
    expect(shares).toEqual([
      [0.6, 0.4, 0, 0],
      [0, 0.5, 0, 0.5],
    ]);
    expect(most).toBe(0.6);
  });

  it("has nothing to show without units", () => {
    expect(outlines([{ name: "a", place: 0, bins: [] }])).toEqual({ slots: [], shares: [[]], most: 0 });
  });
});

describe("stepPath", () => {
  it("steps at every bin and ends on the ground", () => {
    expect(stepPath([0.5, 1], 1, 100, 10)).toBe("M 0 10 V 5 H 50 V 0 H 100 V 10");
    expect(stepPath([0], 0, 100, 10)).toBe("M 0 10 V 10 H 100 V 10");
  });
});

describe("Histogram", () => {
  it("is one picture with a sentence, an outline an arm and its ends in figures", () => {
    render(<Histogram series={[plain, promise]} write={(value) => `${value} EUR`} sentence="Most spend little." />);
    expect(screen.getByRole("img", { name: "Most spend little." }).querySelectorAll("path")).toHaveLength(2);
    for (const end of ["0 EUR", "16 EUR"]) expect(screen.getByText(end)).toBeTruthy();
  });

  it("says that there is nothing", () => {
    render(<Histogram series={[]} write={String} sentence="" />);
    expect(screen.getByText("No values.")).toBeTruthy();
  });
});
