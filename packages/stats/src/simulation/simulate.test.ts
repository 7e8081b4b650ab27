import { describe, expect, it } from "vitest";
import { binomialBand } from "./binomial-band.ts";
import { runRows } from "./harness.ts";
import { methodRows } from "./rows.ts";

describe("simulation, the short version", () => {
  it("bands are the binomial distribution's", () => {
    // scipy.stats.binom.ppf([0.0005, 0.9995], 2000, 0.05) = 69, 133
    expect(binomialBand(2_000, 0.05, 0.999)).toEqual({ low: 69, high: 133 });
    // scipy.stats.binom.ppf([0.0005, 0.9995], 2000, [0.001, 0.9]) = 0, 8 and 1755, 1843
    expect(binomialBand(2_000, 0.001, 0.999)).toEqual({ low: 0, high: 8 });
    expect(binomialBand(2_000, 0.9, 0.999)).toEqual({ low: 1_755, high: 1_843 });
  });

  it("keeps every promise, and shows what looking 20 times at a fixed test does", { timeout: 300_000 }, () => {
    const measured = [...runRows(methodRows, { runs: 100, seed: 20_261_125 })];
    expect(measured.filter(({ kept }) => !kept)).toEqual([]);
    const grids = measured.filter(({ worst }) => worst !== null);
    expect(grids.length).toBeGreaterThan(8);
    expect(grids.every(({ worst }) => worst && worst.of > 1 && worst.cell.length > 0)).toBe(true);
    const unchecked = measured.find(({ name }) => name.includes("tails not checked"));
    expect((unchecked?.count ?? 0) / (unchecked?.runs ?? 1)).toBeGreaterThan(0.2);
    const misuse = measured.find(({ name }) => name.includes("read 20 times"));
    expect((misuse?.count ?? 0) / 100).toBeGreaterThan(0.15);
  });
});
