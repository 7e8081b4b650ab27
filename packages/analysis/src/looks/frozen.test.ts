import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { DAY, day, inputs, metric, planOf, START, share, steady } from "../fixtures.ts";
import { looksOf } from "./planned-looks.ts";
import { readMoments } from "./reading.ts";

const buy = metric("buy");
const plan = planOf([buy], { method: "fixed", plannedUnits: 4_000 });
/** 200 units of each arm a day: the planned size is there after ten days. */
const first = steady(10, { control: { buy: [200, 20] }, treatment: { buy: [200, 26] } });

describe("a fixed plan, after its planned size", () => {
  /** As many days more, in which the effect turns round. */
  const later = (days: number) => {
    const more = steady(days, { control: { buy: [200, 20] }, treatment: { buy: [200, 5] } });
    const moved = more.series.map((row) => ({
      ...row,
      at: new Date(Date.parse(row.at) + 10 * 86_400_000).toISOString(),
    }));
    const variants = first.variants.map((own, index) => {
      const other = more.variants[index];
      const [a, b] = [own.metrics.buy, other?.metrics.buy];
      if (a?.form !== "share" || b?.form !== "share" || !other) throw new Error("Both are shares.");
      return {
        ...own,
        units: own.units + other.units,
        metrics: { buy: { form: "share" as const, n: a.n + b.n, converted: a.converted + b.converted } },
      };
    });
    return inputs(plan, { series: [...first.series, ...moved], variants }, { days: 10 + days });
  };

  it("keeps the result that it had there", () => {
    const atTheEnd = analyse(inputs(plan, first, { days: 10 }));
    expect(atTheEnd.verdict.code).toBe("ship");
    for (const days of [1, 10, 20]) {
      const found = analyse(later(days));
      expect(found.verdict.code).toBe("ship");
      expect(found.metrics[0]?.comparisons).toEqual(atTheEnd.metrics[0]?.comparisons);
      expect(found.progress.looks).toBe(1);
    }
  });

  it("is read at its end where fewer units came than planned", () => {
    const wanting = { ...plan, plannedUnits: 40_000 };
    const running = analyse(inputs(wanting, first, { days: 10 }));
    expect(running.verdict.code).toBe("keep_running");
    expect(analyse(inputs(wanting, first, { days: 10, status: "ended" })).verdict.code).toBe("ship");
  });
});

describe("a look, when the steps have got longer since", () => {
  /** All units on the first day: by the hour the planned size is there after ten of 24, by the day at its end only. */
  const told = (stepSeconds: number, more = {}) => {
    const steps = DAY / (stepSeconds * 1_000);
    const { series, variants } = steady(1, { control: { buy: [4_800, 480] }, treatment: { buy: [4_800, 720] } });
    const finer = series.flatMap((row) =>
      Array.from({ length: steps }, (_, index) => ({
        ...row,
        at: new Date(START + index * stepSeconds * 1_000).toISOString(),
        units: row.units / steps,
        metrics: {
          buy: { n: 4_800 / steps, y: (row.metrics.buy?.y ?? 0) / steps, yy: (row.metrics.buy?.y ?? 0) / steps },
        },
      })),
    );
    return inputs(plan, { series: finer, variants }, { days: 2, stepSeconds, ...more });
  };
  const early = [
    { variant: "control", units: 2_000, metrics: { buy: share(2_000, 200) } },
    { variant: "treatment", units: 2_000, metrics: { buy: share(2_000, 204) } },
  ];
  const buyOf = (own: ReturnType<typeof told>) => readMoments(own, plan.settings).metrics[0]?.results[0];

  it("is found once and stays, with the moments as they stood at its end", () => {
    const looks = looksOf(told(3_600));
    expect(looks).toEqual([{ end: new Date(START + 10 * 3_600_000).toISOString(), fraction: 1 }]);
    expect(looksOf(told(86_400, { looks }))).toEqual(looks);
    expect(buyOf(told(86_400))?.control.n).toBe(4_800);
    const kept = told(86_400, { looks, atLook: early });
    expect(buyOf(kept)).toMatchObject({ control: { n: 2_000, value: 0.1 }, outcome: "unclear" });
    expect(readMoments(kept, plan.settings)).toMatchObject({ looks: 1, isFinal: true });
  });

  it("is not another method's, when the moments are read by one", () => {
    const own = told(86_400, { looks: looksOf(told(3_600)), atLook: early });
    expect(readMoments(own, { ...plan.settings, method: "group" }).metrics[0]?.look?.arms[0]?.n).toBe(4_800);
  });

  it("decides a quantile, which has no series", () => {
    const definition = {
      kind: "quantile",
      source: { event: "load", where: [] as never[] },
      level: 0.9,
      per: "event",
      includeZeros: true,
    } as const;
    const load = metric("load", { definition, direction: "decrease" });
    const slow = { ...plan, metrics: [load] };
    const at = (n: number, value: number) => {
      const [lower, upper] = [value - 0.1, value + 0.1];
      return { form: "quantile", n, value, lower, upper, histogram: [] } as const;
    };
    const arms = (n: number, treated: number) =>
      ["control", "treatment"].map((variant, index) => ({
        variant,
        units: n,
        metrics: { load: { ...at(n, index === 0 ? 5 : treated), histogram: [] } },
      }));
    const { series } = steady(1, { control: { load: [4_800, 0] }, treatment: { load: [4_800, 0] } });
    const own = inputs(slow, { series, variants: arms(4_800, 5) }, { days: 2 });
    expect(analyse({ ...own, looks: looksOf(own), atLook: arms(4_800, 4) }).verdict).toMatchObject({ code: "ship" });
  });
});

describe("a look at skewed values", () => {
  it("keeps what it showed, however far values reach that come later", () => {
    const definition = { kind: "sum", source: { event: "pay", where: [] as never[] } } as const;
    const past = { from: day(-14), to: day(0), units: 1e6, value: 4, unitVariance: 900, skewness: 1 };
    const pay = metric("pay", { definition, history: past });
    const skewed = { ...planOf([pay], { method: "fixed", plannedUnits: 4_000 }) };
    skewed.arms = [
      { variant: "control", parts: 80_000 },
      { variant: "treatment", parts: 20_000 },
    ];
    const bars = [0, 8].map((from) => ({ from, to: from + 8, units: 1_600 }));
    const arms = (far: boolean) =>
      [3_200, 800].map((n, index) => ({
        variant: index === 0 ? "control" : "treatment",
        units: n,
        metrics: {
          pay: {
            ...({ form: "mean", n, mean: 4 + index, m2: 900 * n, capped: 0 } as const),
            histogram: [...bars, ...(far ? [{ from: 4_096, to: 8_192, units: 3 }] : [])],
          },
        },
      }));
    const { series } = steady(1, { control: { pay: [3_200, 0] }, treatment: { pay: [800, 0] } });
    const read = (now: boolean, then: boolean) => {
      const own = inputs(skewed, { series, variants: arms(now) }, { days: 2 });
      const kept = { ...own, looks: looksOf(own), atLook: arms(then) };
      return readMoments(kept, skewed.settings).metrics[0]?.results[0]?.state;
    };
    expect([read(false, false), read(true, false), read(false, true)]).toEqual(["ok", "ok", "too_skewed"]);
  });
});

describe("a fixed plan of a metric with a window", () => {
  const source = { event: "buy", where: [] };
  const back = metric("buy", { definition: { kind: "retention", source, fromDay: 2, toDay: 2 } });
  const waiting = planOf([back], { method: "fixed", plannedUnits: 4_000 });
  const read = (days: number, status: "running" | "ended" = "running") => {
    const told = steady(days, { control: { buy: [200, 20] }, treatment: { buy: [200, 26] } });
    return readMoments(inputs(waiting, told, { days, status }), waiting.settings);
  };

  it("is read when the planned units' windows are over, and stays as it was there", () => {
    expect(read(12).isReadable).toBe(false);
    const due = read(14);
    expect(due.isReadable).toBe(true);
    // The step of day 13 begins three days after the planned units were in, on day 9.
    expect(read(20).metrics[0]?.results[0]?.control.n).toBe(13 * 200);
  });

  it("is read when they are over where no news comes any more", () => {
    const told = steady(10, { control: { buy: [200, 20] }, treatment: { buy: [200, 26] } });
    const at = (days: number) => readMoments(inputs(waiting, told, { days }), waiting.settings);
    expect(at(12)).toMatchObject({ isReadable: false, due: Date.parse(day(13)) });
    expect(at(13)).toMatchObject({ isReadable: true, isFinal: true, due: null });
  });

  it("is due a window after the step in which the planned units come, while that step is not over", () => {
    const told = steady(10, { control: { buy: [200, 20] }, treatment: { buy: [200, 26] } });
    const window = { from: day(0), to: day(9).replace("T00", "T12") };
    const found = readMoments(inputs(waiting, told, { window }), waiting.settings);
    expect(found).toMatchObject({ isReadable: false, due: Date.parse(day(13)) });
  });

  it("is read at its end where that comes first", () => {
    expect(read(11, "ended").isReadable).toBe(true);
    expect(read(11, "ended").metrics[0]?.results[0]?.control.n).toBe(11 * 200);
  });
});
