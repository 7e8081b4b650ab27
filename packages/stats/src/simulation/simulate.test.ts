import { describe, expect, it } from "vitest";
import { binomialBand } from "./binomial-band.ts";
import { simulate } from "./simulate.ts";

describe("simulation, the short version", () => {
  it("bands are the binomial distribution's", () => {
    // scipy.stats.binom.ppf([0.0005, 0.9995], 2000, 0.05) = 69, 133
    expect(binomialBand(2_000, 0.05, 0.999)).toEqual({ low: 69, high: 133 });
  });

  it("keeps every promise, and shows what looking 20 times at a fixed test does", { timeout: 120_000 }, () => {
    const measured = simulate(120, 20_261_125);
    expect(measured.filter(({ kept }) => !kept)).toEqual([]);
    const misuse = measured.find(({ promise }) => promise === "none");
    expect((misuse?.errors ?? 0) / 120).toBeGreaterThan(0.15);
  });
});
