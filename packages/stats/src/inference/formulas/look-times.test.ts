import { describe, expect, it } from "vitest";
import { groupBoundaries, logGroupP, stoppingProbabilities } from "./group-sequential.ts";
import { lookTimes } from "./look-times.ts";

const fractions = [0.2, 0.4, 0.6, 0.8, 1];
/** Units that join evenly and grow evenly: information is as the square. */
const squares = fractions.map((fraction) => 700 * fraction * fraction);

describe("looks at values that go on growing", () => {
  it("spend by units what the information in their looks makes of it", () => {
    const times = lookTimes(fractions, squares);
    expect(times.map((time) => time.toFixed(2))).toEqual(["0.04", "0.16", "0.36", "0.64", "1.00"]);
    const [byUnits, own] = [groupBoundaries(fractions, 0.05), groupBoundaries(fractions, 0.05, squares)];
    expect(stoppingProbabilities(times, own, 0).at(-1)).toBeCloseTo(0.05, 9);
    // Simulated: 5.6 % where units stand for information.
    expect(stoppingProbabilities(times, byUnits, 0).at(-1)).toBeCloseTo(0.056, 3);
    // The first look spends what it did, the later ones ask for more.
    expect(own[0]).toBeCloseTo(byUnits[0] ?? 0, 9);
    for (const look of [1, 2, 3, 4]) expect(own[look]).toBeGreaterThan(byUnits[look] ?? 0);
    expect(groupBoundaries(fractions, Math.exp(logGroupP(2.4, fractions, squares)), squares).at(-1)).toBeCloseTo(
      2.4,
      7,
    );
  });

  it("go by the fractions where information keeps up with units, or is not known of every look", () => {
    expect(lookTimes(fractions, null)).toBe(fractions);
    expect(lookTimes(fractions, [1, 2, 3, 4])).toBe(fractions);
    expect(lookTimes(fractions, [0, 2, 3, 4, 5])).toBe(fractions);
    expect(lookTimes(fractions, [1, 2, Number.NaN, 4, 5])).toBe(fractions);
    expect(lookTimes(fractions, [95, 190, 310, 420, 500])).toEqual(fractions);
  });

  it("rise, and are never later than the fractions, whatever is said of them", () => {
    for (const information of [
      [1e-9, 1e-8, 1e-9, 1, 1e9],
      [9, 1, 9, 1, 5],
      [5, 4, 3, 2, 1],
      [1, 1, 1, 1, 1],
    ]) {
      const times = lookTimes(fractions, information);
      expect(times.at(-1)).toBe(1);
      times.forEach((time, look) => {
        expect(time).toBeLessThanOrEqual(fractions[look] ?? 0);
        expect(time - (times[look - 1] ?? 0)).toBeGreaterThan(0.00099);
      });
      expect(groupBoundaries(fractions, 0.05, information)).toHaveLength(5);
    }
  });
});
