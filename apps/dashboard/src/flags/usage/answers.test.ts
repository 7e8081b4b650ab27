import { describe, expect, it } from "vitest";
import type { Usage } from "../../query/outputs.ts";
import { answerColumns, answerSeries, answerTable, countAnswers } from "./answers.ts";

const variants = [
  { key: "on", value: true },
  { key: "off", value: false },
];
const day: Usage = {
  from: new Date("2026-11-22T15:00:00Z"),
  to: new Date("2026-11-23T14:20:00Z"),
  stepSeconds: 3_600,
  answers: [
    { at: "2026-11-23T13:00:00.000Z", variant: "off", count: 5 },
    { at: "2026-11-23T14:00:00.000Z", variant: "on", count: 3_000 },
  ],
  decided: [],
  sdks: [],
};
const series = answerSeries(day, variants, "off");

describe("what a flag answered", () => {
  it("has every step of the window, the one that is not over last", () => {
    const columns = answerColumns(day, series);
    expect(columns).toHaveLength(24);
    expect(columns.at(-1)).toMatchObject({ label: "14:00 UTC", counts: [3_000, 0] });
    expect(columns.at(-2)).toMatchObject({ label: "13:00 UTC", counts: [0, 5] });
    expect(columns[0]).toMatchObject({ label: "15:00 UTC", counts: [0, 0] });
    expect(new Set(columns.map(({ label }) => label)).size).toBe(24);
  });

  it("has minutes as well, also when asked on the first moment of one", () => {
    const from = new Date("2026-11-23T13:21:00Z");
    const answers = [{ at: "2026-11-23T14:19:00.000Z", variant: "on", count: 2 }];
    const hour = { ...day, from, to: new Date("2026-11-23T14:20:00.001Z"), stepSeconds: 60, answers };
    const columns = answerColumns(hour, series);
    expect(columns).toHaveLength(60);
    expect(columns.at(-2)).toMatchObject({ label: "14:19 UTC", counts: [2, 0] });
  });

  it("leaves out no answer, also of a variant that is gone", () => {
    const more = { ...day, answers: [...day.answers, { at: "2026-11-23T14:00:00.000Z", variant: "blue", count: 7 }] };
    const all = answerSeries(more, variants, "off");
    expect(all).toEqual([
      { name: "on", at: 1 },
      { name: "off", at: 0 },
      { name: "blue", at: 2 },
    ]);
    expect(answerColumns(more, all).at(-1)?.counts).toEqual([3_000, 0, 7]);
    expect(countAnswers(more)).toBe(3_012);
  });

  it("is there as a table, newest first", () => {
    const { columns, rows } = answerTable(answerColumns(day, series), series, "hour");
    expect(columns).toEqual(["From (one hour)", "on", "off"]);
    expect(rows).toHaveLength(24);
    expect(rows[0]).toEqual([
      { text: "14:00 UTC", value: "2026-11-23T14:00:00.000Z" },
      { text: "3,000", value: 3_000 },
      { text: "0", value: 0 },
    ]);
  });
});
