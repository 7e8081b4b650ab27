// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ChartFrame, toCsv } from "./chart-frame.tsx";

afterEach(cleanup);
const table = { columns: ["Day", "Lift"], rows: [["2026-11-01", "+1.5 %"]] };

describe("ChartFrame", () => {
  it("has the same numbers as a table", () => {
    render(
      <ChartFrame title="Lift over time" unit="%" sentence="It rises." table={table}>
        <p>drawing</p>
      </ChartFrame>,
    );
    const toggle = screen.getByRole("button", { name: "View as table" });
    expect(screen.queryByRole("table")).toBeNull();
    fireEvent.click(toggle);
    expect(screen.getByRole("cell", { name: "+1.5 %" })).toBeTruthy();
    expect(screen.queryByText("drawing")).toBeNull();
    expect(screen.getByRole("button", { name: "View as chart" }).getAttribute("aria-pressed")).toBe("true");
  });
});

describe("toCsv", () => {
  it("quotes by the standard", () => {
    expect(toCsv({ columns: ["a", "b"], rows: [["x,y", 'say "hi"']] })).toBe('a,b\r\n"x,y","say ""hi"""');
  });

  it("disarms text that a spreadsheet would run, and leaves numbers alone", () => {
    expect(toCsv({ columns: ["a"], rows: [["=1+1"], ["@sum"], ["-4.3"]] })).toBe("a\r\n'=1+1\r\n'@sum\r\n-4.3");
  });
});
