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

  it("disarms text that a spreadsheet would run", () => {
    const armed = ["=1+1", "@sum", "-2+3+HYPERLINK(1)", " =1+1", "\n=1+1", "\t1", "+1"];
    const [, ...cells] = toCsv({ columns: ["a"], rows: armed.map((text) => [text]) }).split("\r\n");
    expect(cells.map((cell) => cell.replace(/^"/, "").charAt(0))).toEqual(armed.map(() => "'"));
  });

  it("has numbers as they are, where people read them with signs and units", () => {
    const rows = [
      [{ text: "−4.3 %", value: -0.0431 }, { text: "–", value: null }, 1_234_567, { text: "open", value: null }],
      [{ text: "1 Nov 2026", value: "2026-11-01T00:00:00Z" }, Number.NaN, 0, ""],
    ];
    expect(
      toCsv({ columns: ["a", "b", "c", "d"], rows })
        .split("\r\n")
        .slice(1),
    ).toEqual(["-0.0431,,1234567,", "2026-11-01T00:00:00Z,,0,"]);
  });
});
