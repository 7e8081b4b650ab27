import { runRows } from "@telltale/stats/simulation";
import { expect, it } from "vitest";
import { analysisRows } from "./rows.ts";

it("what is built on the statistics keeps its promises", { timeout: 300_000 }, () => {
  const measured = [...runRows(analysisRows, { runs: 400, seed: 20_261_128 })];
  expect(measured.filter(({ kept }) => !kept)).toEqual([]);
});
