import type { StepMoments } from "@telltale/events";
import { analyseMetric } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { arm, day, inputs, metric, planOf } from "../fixtures.ts";
import { cumulate } from "../series/cumulate.ts";
import { informationAt, lookInformation } from "./information.ts";
import { looksOf } from "./planned-looks.ts";
import { readMoments } from "./reading.ts";

const definition = { kind: "count", source: { event: "visit", where: [] as never[] } } as const;
const visits = metric("visits", { definition });
const plan = planOf([visits], { method: "group", plannedUnits: 4_000, looks: 4 });

/** 500 units of each arm a day; on day k each has k more visits than the day before, or one with the treatment's lift. */
const told = (days: number) => {
  const series = Array.from({ length: days }, (_, number) =>
    ["control", "treatment"].map((variant, index): StepMoments => {
      const age = number + 1;
      const more = 500 * age * (1 + 0.06 * index);
      return { at: day(number), variant, units: 500, metrics: { visits: { n: 500, y: more, yy: 3 * age * more } } };
    }),
  ).flat();
  const last = cumulate(plan, series).at(-1);
  const variants = plan.arms.map(({ variant }, index) => {
    const { n = 0, y = 0, yy = 0 } = last?.metrics[0]?.[index] ?? {};
    const moments = { form: "mean", n, mean: y / n, m2: yy - (y * y) / n, capped: 0, histogram: [] } as const;
    return arm(variant, { visits: { ...moments, histogram: [] } });
  });
  return inputs(plan, { series, variants }, { days });
};

describe("information at the looks of a group plan", () => {
  it("is handed on with each look: units times the variance of one", () => {
    const own = told(3);
    const looks = looksOf(own);
    expect(looks.map(({ fraction }) => fraction)).toEqual([0.25, 0.5, 0.75]);
    const known = lookInformation(
      looks.map(({ information }) => information),
      "visits",
      1,
    )[0];
    expect(known).toHaveLength(3);
    // A third of the units have less than a third of the information: they are young.
    expect((known?.[0] ?? 0) / (known?.[2] ?? 0)).toBeLessThan(0.2);
    expect(looksOf({ ...told(4), looks }).slice(0, 3)).toEqual(looks);
  });

  it("makes a later look ask for more than its units would", () => {
    const own = told(4);
    const [found] = readMoments(own, plan.settings).metrics;
    const method = { kind: "group", fractions: [0.25, 0.5, 0.75, 1] } as const;
    const settings = { method, alpha: 0.05 };
    if (!found?.look) throw new Error("There should be a look.");
    const { looks: _, ...byUnits } = found.look;
    const [p, plain] = [found.results[0]?.p ?? 0, analyseMetric(byUnits, settings).comparisons[0]?.p ?? 0];
    expect(p).toBeGreaterThan(1.02 * plain);
    expect(p).toBeLessThan(1.5 * plain);
  });

  it("is not told of what is settled, of quantiles, and of looks that an older release took", () => {
    const source = { event: "visit", where: [] };
    const back = metric("back", { definition: { kind: "retention", source, fromDay: 1, toDay: 1 } });
    const other = planOf([back]);
    const [step] = cumulate(plan, told(1).moments.series);
    expect(step && informationAt(other, { ...step, metrics: [step.metrics[0] ?? []] })).toEqual({ back: [null] });
    expect(lookInformation([undefined, { visits: [5] }], "visits", 1)).toEqual([null]);
    expect(lookInformation([{ visits: [null] }, { visits: [5] }], "visits", 1)).toEqual([null]);
  });
});
