import { defaultSettings, type StatisticalSettings } from "@telltale/analysis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPlanned, describeSettings, differenceOf, resolveSettings, settingWords } from "./settings.ts";

const settings: fc.Arbitrary<StatisticalSettings> = fc.record({
  method: fc.constantFrom("sequence", "group", "fixed"),
  alpha: fc.constantFrom(0.05, 0.01),
  sides: fc.constantFrom("two", "one"),
  correct: fc.boolean(),
  prior: fc.record({ mean: fc.constantFrom(0, 0.01), sd: fc.constantFrom(0.1, 0.2) }),
  cupedDays: fc.constantFrom(0, 14),
  looks: fc.constantFrom(5, 10),
  power: fc.constantFrom(0.8, 0.9),
  minimumUnits: fc.constantFrom(100, 200),
});

describe("statistical settings", () => {
  it("are kept as their difference from the product's, whole", () => {
    fc.assert(
      fc.property(settings, (own) => {
        expect(resolveSettings(differenceOf(defaultSettings, own), {})).toEqual(own);
      }),
    );
  });

  it("of an experiment count before its organisation's, one by one", () => {
    fc.assert(
      fc.property(
        settings,
        settings,
        fc.subarray(["alpha", "prior", "method", "sides"] as const),
        (organisation, own, keys) => {
          const override = Object.fromEntries(keys.map((key) => [key, own[key]]));
          const resolved = resolveSettings(differenceOf(defaultSettings, organisation), override);
          expect(resolved).toEqual({ ...organisation, ...override });
        },
      ),
    );
  });

  it("say what changed, and nothing exactly when nothing did", () => {
    fc.assert(
      fc.property(settings, settings, (from, to) => {
        const isSame = Object.keys(differenceOf(from, to)).length === 0;
        expect(describeSettings(from, to) === "").toBe(isSame);
      }),
    );
    const to = { ...defaultSettings, alpha: 0.01, correct: false, prior: { mean: 0, sd: 0.05 } };
    expect(describeSettings(defaultSettings, to)).toBe(
      "error level 0.05 → 0.01; correction for several metrics on → off; prior of the lift mean 0, sd 0.1 → mean 0, sd 0.05",
    );
  });

  it("of an experiment are called with what counts where it sets nothing", () => {
    const { nameSetting, describeValue } = settingWords({ alpha: 0.1 });
    expect([nameSetting("alpha"), nameSetting("gone")]).toEqual(["error level", "gone"]);
    expect([describeValue("alpha", 0.1), describeValue("alpha", undefined)]).toEqual([
      "0.1",
      "0.1 as the organisation's",
    ]);
    expect(describeValue("prior", { sd: 0.2, mean: 0 })).toBe("mean 0, sd 0.2");
    expect(describeValue("correct", undefined)).toBe("on as the organisation's");
  });

  it("ask for a size where looks are planned by it", () => {
    const by = (method: StatisticalSettings["method"], units: number | null) =>
      checkPlanned({ ...defaultSettings, method }, units);
    expect(by("sequence", null)).toEqual([]);
    expect(by("group", 1_000)).toEqual([]);
    expect(by("group", null)).toEqual([
      expect.stringMatching(/^Say how many units it is planned for: its planned looks/),
    ]);
    expect(by("fixed", null)).toEqual([
      expect.stringMatching(/^Say how many units it is planned for: its result is read/),
    ]);
  });
});
