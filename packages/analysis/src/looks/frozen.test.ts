import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { inputs, metric, planOf, steady } from "../fixtures.ts";
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

  it("is read at its end where that comes first", () => {
    expect(read(11, "ended").isReadable).toBe(true);
    expect(read(11, "ended").metrics[0]?.results[0]?.control.n).toBe(11 * 200);
  });
});
