import fc from "fast-check";
import murmurhash from "murmurhash";
import { describe, expect, it } from "vitest";
import { encode, hashToBucket, LINE, seedOf } from "./hash.ts";
import {
  addUnit,
  countNew,
  countUnits,
  mergeSketches,
  readSketch,
  sketchHash,
  sketchOf,
  type UnitSketch,
} from "./sketch.ts";

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const empty: UnitSketch = { halvings: 0, units: [] };
const hashesOf = (from: number, to: number, name = "unit") =>
  Array.from({ length: to - from }, (_, i) => sketchHash(`${name}-${from + i}`));

/** Few distinct hashes, so that lists overlap, and small limits, so that they are sampled. */
const hashes = fc.array(
  fc.integer({ min: 0, max: 63 }).map((x) => Math.imul(x, 0x9e3779b1) >>> 0),
  { maxLength: 60 },
);
const limits = fc.integer({ min: 1, max: 16 });

describe("a sketch of distinct units", () => {
  it("is exact until its limit", () => {
    const units = hashesOf(0, 64);
    expect(countUnits(sketchOf([...units, ...units], 64))).toBe(64);
    expect(sketchOf(units, 64).halvings).toBe(0);
    expect(sketchOf(hashesOf(0, 65), 64).halvings).toBeGreaterThan(0);
    expect(countUnits(sketchOf([], 64))).toBe(0);
  });

  it.each([64, 256])("beyond a limit of %i errs by 1.2 / sqrt(limit), without bias", (limit) => {
    const truth = 40 * limit;
    const errors = Array.from({ length: 60 }, (_, run) => {
      return countUnits(sketchOf(hashesOf(0, truth, `run ${run}`), limit)) / truth - 1;
    });
    const bias = errors.reduce((sum, x) => sum + x, 0) / errors.length;
    const spread = Math.sqrt(errors.reduce((sum, x) => sum + x * x, 0) / errors.length);
    const expected = 1.2 / Math.sqrt(limit);
    // Of 60 runs the spread is known to a tenth of itself, the bias to an eighth of it.
    expect(spread).toBeGreaterThan(0.6 * expected);
    expect(spread).toBeLessThan(1.4 * expected);
    expect(Math.abs(bias)).toBeLessThan(0.5 * expected);
  });

  it("counts units that a flag chose as well as any: their share of its line is small", () => {
    const chosen = hashesOfUnits((unit) => hashToBucket(encode(unit), seedOf("checkout")) < LINE / 100);
    expect(chosen.length).toBeGreaterThan(900);
    expect(Math.abs(countUnits(sketchOf(chosen, 256)) / chosen.length - 1)).toBeLessThan(0.3);
  });

  it("is the same unit by unit, and holds its limit in a flood", () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `visitor ${i % 3_000}`);
    const grown = names.reduce((sketch, name) => addUnit(sketch, name), empty);
    expect(grown).toEqual(sketchOf(names.map(sketchHash), 64));
    expect(grown.units.length).toBeLessThanOrEqual(64);
    expect(addUnit(grown, "visitor 7")).toBe(grown);
  });

  it("hashes as every SDK must: murmur3 of the unit's bytes, seed 0x736b6574", () => {
    for (const unit of ["", "a", "unit-1", "Zoë", "東京", "x".repeat(100)]) {
      expect(sketchHash(unit)).toBe(murmurhash.v3(new TextEncoder().encode(unit), 0x736b6574));
    }
  });

  it("merges in any order and grouping, and the same again changes nothing", () => {
    fc.assert(
      fc.property(hashes, hashes, hashes, limits, (a, b, c, limit) => {
        const [x, y, z] = [sketchOf(a, limit), sketchOf(b, limit), sketchOf(c, limit)];
        const merge = (one: UnitSketch, other: UnitSketch) => mergeSketches(one, other, limit);
        expect(merge(x, x)).toEqual(x);
        expect(merge(x, y)).toEqual(merge(y, x));
        expect(merge(merge(x, y), z)).toEqual(merge(x, merge(y, z)));
        // What is known of all units at once.
        expect(merge(merge(x, y), z)).toEqual(sketchOf([...a, ...b, ...c], limit));
      }),
    );
  });

  it("survives JSON, and refuses what is none", () => {
    fc.assert(
      fc.property(hashes, limits, (list, limit) => {
        const sketch = sketchOf(list, limit);
        expect(sketch.units.length).toBeLessThanOrEqual(limit);
        expect(readSketch(JSON.parse(JSON.stringify(sketch)), limit)).toEqual(sketch);
      }),
    );
    const bad: unknown[] = [
      null,
      1,
      "x",
      {},
      { halvings: 0 },
      { halvings: -1, units: [] },
      { halvings: 40, units: [] },
    ];
    const lists: unknown[] = [[2, 1], [1, 1], [-1], [0.5], [LINE], ["1"], [null], [1, 2, 3], {}];
    for (const value of [...bad, ...lists.map((units) => ({ halvings: 0, units }))]) {
      expect(readSketch(value, 2)).toBeNull();
    }
    expect(readSketch({ halvings: 1, units: [LINE / 2] }, 2)).toBeNull();
    expect(readSketch({ halvings: 1, units: [LINE / 2 - 1] }, 2)).not.toBeNull();
  });
});

function hashesOfUnits(isChosen: (unit: string) => boolean): number[] {
  return Array.from({ length: 100_000 }, (_, i) => `u-${i}`)
    .filter(isChosen)
    .map(sketchHash);
}

describe("failing units that are new", () => {
  it("counts a unit once in a release, in the arm in which it failed first", () => {
    const [a, b, c] = [sketchHash("a"), sketchHash("b"), sketchHash("c")];
    const first = countNew(empty, { treated: sketchOf([a], 64), control: sketchOf([b], 64) });
    expect(first).toMatchObject({ treated: 1, control: 1 });
    const again = countNew(first.known, { treated: sketchOf([a, b, c], 64), control: sketchOf([b], 64) });
    expect(again).toMatchObject({ treated: 1, control: 0 });
    const both = countNew(empty, { treated: sketchOf([a], 64), control: sketchOf([a], 64) });
    expect(both).toMatchObject({ treated: 0, control: 1 });
  });

  it("is the same when a window comes twice, and for one window or several", () => {
    fc.assert(
      fc.property(hashes, hashes, limits, (treated, control, limit) => {
        const window = { treated: sketchOf(treated, limit), control: sketchOf(control, limit) };
        const { known } = countNew(empty, window, limit);
        expect(countNew(known, window, limit)).toEqual({ treated: 0, control: 0, known });
        const apart = countNew(empty, { treated: empty, control: window.control }, limit);
        const then = countNew(apart.known, { treated: window.treated, control: empty }, limit);
        expect(then.known).toEqual(known);
      }),
    );
  });

  it("counts whole units of the sample, of both arms alike, however many there were", () => {
    let known = empty;
    const total = { treated: 0, control: 0 };
    for (let window = 0; window < 100; window++) {
      const from = window * 500;
      const report = {
        treated: sketchOf(hashesOf(from, from + 100), 512),
        control: sketchOf(hashesOf(from + 100, from + 500), 512),
      };
      const found = countNew(known, report, 1_024);
      known = found.known;
      total.treated += found.treated;
      total.control += found.control;
    }
    expect(known.units.length).toBeLessThanOrEqual(1_024);
    const all = total.treated + total.control;
    expect(all).toBeLessThan(10_000);
    // One in five, within four standard errors of so many coins.
    expect(Math.abs(total.treated / all - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / all));
  });
});
