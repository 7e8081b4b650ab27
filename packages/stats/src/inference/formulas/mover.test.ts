import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArmInterval, moverDifference, moverLift } from "./mover.ts";
import { newcombeDifference, newcombeZ } from "./newcombe.ts";
import { orderDifference, orderLift, orderZ } from "./order.ts";

describe("Newcombe's published intervals (1998, table II, method 10)", () => {
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("%i of %i against %i of %i", (treated, n, converted, m, low, high) => {
    const found = newcombeDifference({ n: m, converted }, { n, converted: treated }, 1.959963984540054);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
});

const limits = fc
  .record({
    value: fc.double({ min: -50, max: 50, noNaN: true }),
    below: fc.double({ min: 0.01, max: 30, noNaN: true }),
    above: fc.double({ min: 0.01, max: 30, noNaN: true }),
  })
  .map(({ value, below, above }): ArmInterval => ({ value, low: value - below, high: value + above }));
const turn = ({ value, low, high }: ArmInterval): ArmInterval => ({ value: -value, low: -high, high: -low });

describe("intervals from those of both arms", () => {
  it("a lift excludes 0 when the difference does, holds the estimate, and turns round with the sign", () => {
    fc.assert(
      fc.property(limits, limits, (control, treatment) => {
        const lift = moverLift(control, treatment);
        const isKnown = control.value > 0 ? control.low > 0 : control.high < 0;
        expect(lift.state === "bounded").toBe(isKnown);
        if (lift.state !== "bounded") return;
        const { low, high } = moverDifference(control, treatment);
        const estimate = (treatment.value - control.value) / Math.abs(control.value);
        expect(lift.low).toBeLessThanOrEqual(estimate + 1e-9 * Math.abs(estimate) + 1e-12);
        expect(lift.high).toBeGreaterThanOrEqual(estimate - 1e-9 * Math.abs(estimate) - 1e-12);
        if (Math.abs(low) > 1e-9) expect(lift.low > 0).toBe(low > 0);
        if (Math.abs(high) > 1e-9) expect(lift.high < 0).toBe(high < 0);
        const turned = moverLift(turn(control), turn(treatment));
        expect(turned).toEqual({ state: "bounded", low: -lift.high, high: -lift.low });
      }),
      { numRuns: 2_000 },
    );
  });

  it("an end of the lift is where the interval of treatment - ratio * control touches 0, also below 0", () => {
    fc.assert(
      fc.property(limits, limits, (control, treatment) => {
        const lift = moverLift(control, treatment);
        if (lift.state !== "bounded" || control.value < 0) return;
        // For a negative ratio it is the sum of the treatment and so much of the control: its sides change places.
        const at = (ratio: number) =>
          ratio >= 0 ? moverDifference(control, treatment, ratio) : moverDifference(turn(control), treatment, -ratio);
        const scale = treatment.high - treatment.low + (Math.abs(lift.low) + Math.abs(lift.high) + 2) * control.high;
        expect(Math.abs(at(lift.low + 1).low) / scale).toBeLessThan(1e-6);
        expect(Math.abs(at(lift.high + 1).high) / scale).toBeLessThan(1e-6);
      }),
      { numRuns: 2_000 },
    );
  });

  it("a control whose upper limit is more than twice its value still bounds the lift on both sides", () => {
    const lift = moverLift({ value: 1, low: 0.5, high: 2.5 }, { value: 0.1, low: -1, high: 1 });
    expect(lift.state === "bounded" && lift.low < -1.5 && lift.high > 0).toBe(true);
  });

  it("conversions far out: one of ten against one in 490 is nothing that a sequence may decide on", () => {
    expect(newcombeZ({ n: 490, converted: 1 }, { n: 10, converted: 1 })).toBeLessThan(2.6);
    // P(14 of 28 by a fair coin on one side) = 2 * 2^-14: z = 3.84; Chernoff's limits are wider, not narrower.
    const z = newcombeZ({ n: 1_000, converted: 0 }, { n: 1_000, converted: 14 });
    expect(z > 3 && z < 3.85).toBe(true);
    expect(newcombeZ({ n: 20_000, converted: 0 }, { n: 20_000, converted: 1_000 })).toBeGreaterThan(20);
  });
});

const order = (value: number, ends: readonly [number, number, number][], design = 1) => {
  return { value, design, bounds: ends.map(([z, low, high]) => ({ z, low, high })) };
};

describe("quantiles by the order of the values", () => {
  const tied = order(5, [
    [1.96, 5, 5],
    [3, 4, 5],
    [4, 4, 6],
  ]);

  it("values that repeat are no certainty: the interval grows where they end, and is not known beyond", () => {
    const orders = { control: tied, treatment: order(6, [[4, 5, 7]]) };
    expect(orderDifference({ control: tied, treatment: tied }, 1.5)).toEqual({ low: 0, high: 0 });
    expect(orderDifference({ control: tied, treatment: tied }, 3.5)?.low).toBeLessThan(-1);
    expect(orderDifference({ control: tied, treatment: tied }, 4.5)).toEqual({ low: null, high: null });
    expect(orderLift({ control: tied, treatment: tied }, 4.5)).toEqual({ low: null, high: null });
    expect(orderZ(orders)).toBeGreaterThan(1.96);
  });

  it("one level alone says nothing of others where values repeat, and goes on straight where not", () => {
    const same = order(5, [[1.96, 5, 6]]);
    expect(orderDifference({ control: same, treatment: same }, 3)).toEqual({ low: null, high: null });
    const spread = order(5, [[1.96, 4, 6]]);
    const found = orderDifference({ control: spread, treatment: spread }, 2 * 1.96);
    expect(found?.high).toBeCloseTo(2 * Math.SQRT2, 9);
    expect(orderZ({ control: spread, treatment: { ...spread, value: 5 } })).toBe(0);
  });

  it("scales, and turns round with the sign of the values; clusters reach farther", () => {
    const [a, b] = [
      order(5, [
        [1, 4.5, 6],
        [4, 3, 9],
      ]),
      order(8, [
        [1, 7.5, 8.25],
        [4, 6, 11],
      ]),
    ];
    const by = (factor: number) => {
      const scaled = [a, b].map(({ value, bounds }) =>
        order(
          value * factor,
          bounds.map(({ z, low, high }) => [
            z,
            Math.min(low * factor, high * factor),
            Math.max(low * factor, high * factor),
          ]),
        ),
      );
      const [control = a, treatment = b] = scaled;
      return { control, treatment };
    };
    const plain = orderDifference(by(1), 2);
    const tenfold = orderDifference(by(10), 2);
    expect(tenfold?.low).toBeCloseTo(10 * (plain.low ?? 0), 9);
    const turned = orderDifference(by(-1), 2);
    expect(turned?.low).toBeCloseTo(-(plain.high ?? 0), 9);
    expect(orderZ(by(-1))).toBeCloseTo(-orderZ(by(1)), 9);
    expect(orderLift(by(-1), 2)).toEqual({ low: expect.any(Number), high: expect.any(Number) });
    const clustered = { control: { ...a, design: 4 }, treatment: { ...b, design: 4 } };
    expect(orderDifference(clustered, 1)).toEqual(plain);
    expect(orderZ(clustered)).toBeCloseTo(orderZ(by(1)) / 2, 9);
  });
});
