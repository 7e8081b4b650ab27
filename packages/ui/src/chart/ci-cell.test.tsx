// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { CiCell, VerdictWord } from "./ci-cell.tsx";

afterEach(cleanup);
const interval = { state: "bounded" as const, estimate: -0.0432, low: -0.07, high: -0.0164 };
const mark = (name: string) => document.querySelector(`[data-mark="${name}"]`);

describe("CiCell", () => {
  it("is filled when the verdict is clear, and says so in words", () => {
    render(<CiCell interval={interval} extent={0.1} verdict="worse" confidence={0.95} />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe(
      "Lift −4.3\u202f%, 95 % CI −7.0\u202f% to −1.6\u202f%: Worse",
    );
    expect(mark("filled")).not.toBeNull();
    expect(mark("hollow")).toBeNull();
  });

  it("is hollow and dashed when it is not, zero line still there", () => {
    render(<CiCell interval={{ ...interval, high: 0.01 }} extent={0.1} verdict="unclear" confidence={0.95} />);
    expect(mark("hollow")?.getAttribute("stroke-dasharray")).toBe("4 3");
    expect(mark("zero")?.getAttribute("x1")).toBe("100");
  });

  it("prints the level it was given", () => {
    render(<CiCell interval={interval} extent={0.1} verdict="worse" confidence={0.9} />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("90 % CI");
  });

  it("draws nothing that is not known", () => {
    render(
      <CiCell
        interval={{ state: "undefined", reason: "nobody in control" }}
        extent={0.1}
        verdict="unknown"
        confidence={0.95}
      />,
    );
    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.getByText("nobody in control")).toBeTruthy();
  });
});

describe("VerdictWord", () => {
  it("has a word for each verdict", () => {
    for (const verdict of ["better", "worse", "unclear", "unknown"] as const) render(<VerdictWord verdict={verdict} />);
    for (const word of ["▲ Better", "▼ Worse", "No clear difference", "Not known yet"]) {
      expect(screen.getByText(word)).toBeTruthy();
    }
  });
});
