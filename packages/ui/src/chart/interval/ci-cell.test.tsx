// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { CiCell, OutcomeWord } from "./ci-cell.tsx";

afterEach(cleanup);
const interval = { state: "bounded" as const, estimate: -0.0432, low: -0.07, high: -0.0164, level: 0.95 };
const mark = (name: string) => document.querySelector(`[data-mark="${name}"]`);

describe("CiCell", () => {
  it("is filled when the verdict is clear, and says so in words", () => {
    render(<CiCell interval={interval} extent={0.1} outcome="worse" />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe(
      "Lift −4.3\u202f%, 95 % CI −7.0\u202f% to −1.6\u202f%: Worse",
    );
    expect(mark("filled")).not.toBeNull();
    expect(mark("hollow")).toBeNull();
  });

  it("is hollow and dashed when it is not, zero line still there", () => {
    render(<CiCell interval={{ ...interval, high: 0.01 }} extent={0.1} outcome="unclear" />);
    expect(mark("hollow")?.getAttribute("stroke-dasharray")).toBe("4 3");
    expect(mark("zero")?.getAttribute("x1")).toBe("100");
  });

  it("prints the level it was given", () => {
    render(<CiCell interval={{ ...interval, level: 0.98333 }} extent={0.1} outcome="worse" />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("98.3 % CI");
  });

  it("draws an arrow where a range has no end, and says which end there is", () => {
    const oneSided = { state: "one_sided" as const, estimate: 0.02, low: -0.01, high: null, level: 0.95 };
    render(<CiCell interval={oneSided} extent={0.1} outcome="unclear" />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("95 % CI at least −1.0\u202f%");
    expect(mark("open-high")).not.toBeNull();
    expect(mark("open-low")).toBeNull();
  });

  it("draws arrows at both ends of a range without any", () => {
    render(<CiCell interval={{ state: "unbounded", estimate: 3, level: 0.95 }} extent={0.1} outcome="unclear" />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("any size");
    expect([mark("open-low"), mark("open-high")]).not.toContain(null);
  });

  it("says in words why there is no interval", () => {
    const unknown = { state: "unknown" as const, reason: "zero_baseline" as const, estimate: null };
    render(<CiCell interval={unknown} extent={0.1} outcome="unknown" />);
    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.getByText(/The control is at 0/)).toBeTruthy();
  });

  it("shades the effects too small to matter, and writes other effects than lifts", () => {
    const write = (effect: number) => `${effect.toFixed(2)} EUR`;
    render(<CiCell interval={interval} extent={0.1} outcome="worse" what="Difference" write={write} smallest={0.02} />);
    expect(mark("smallest")?.getAttribute("width")).toBe("40");
    expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(/^Difference -0.04 EUR, 95 % CI -0.07 EUR to/);
  });
});

describe("OutcomeWord", () => {
  it("has a word for each verdict", () => {
    for (const outcome of ["better", "worse", "unclear", "unknown"] as const) render(<OutcomeWord outcome={outcome} />);
    for (const word of ["▲ Better", "▼ Worse", "No clear difference", "Not known"]) {
      expect(screen.getByText(word)).toBeTruthy();
    }
  });
});
