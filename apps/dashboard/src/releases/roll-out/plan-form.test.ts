import { releasePlanSchema } from "@telltale/release";
import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "../../query/outputs.ts";
import {
  aboveNow,
  addGuard,
  addStep,
  likelyVariant,
  PRESETS,
  planByPreset,
  releasable,
  removeStep,
} from "./plan-form.ts";

const chosen = { rule: null, variant: "on" };
const isSound = (plan: unknown) => releasePlanSchema.safeParse(plan).success;

describe("a plan that is made by hand", () => {
  it("is sound by each preset, and with steps and guards added or taken away", () => {
    for (const { value } of PRESETS) expect(isSound(planByPreset(value, chosen))).toBe(true);
    let plan = planByPreset("immediate", chosen);
    for (let step = 0; step < 6; step++) plan = addStep(plan);
    expect(plan.steps.map(({ parts }) => parts)).toEqual([10_000, 55_000, 78_000, 89_000, 95_000, 98_000]);
    expect(isSound(addGuard(addGuard(plan)))).toBe(true);
    while (plan.steps.length > 0) plan = removeStep(plan, 0);
    expect([plan.strategy, isSound(plan)]).toEqual(["immediate", true]);
  });

  it("keeps guards when another preset is chosen, and names no metric twice by itself", () => {
    const guarded = addGuard(addGuard(addGuard(planByPreset("careful", chosen))));
    expect(guarded.guards.map(({ metric }) => metric)).toEqual(["error", "latency", ""]);
    expect(planByPreset("quick", guarded).guards).toEqual(guarded.guards);
    expect(isSound(guarded)).toBe(false);
  });
});

describe("what is offered", () => {
  const serve = { variant: "off" };
  const split = { by: "targetingKey", salt: "s", weights: [{ variant: "on", parts: 100_000 }], experiment: "test" };
  const config: FlagConfiguration = {
    on: true,
    off: "off",
    targets: [],
    rules: [
      { id: "a", name: "Germans", when: [], serve: { variant: "on" } },
      { id: "b", when: [], serve: { split } },
    ],
    serve,
  };

  it("are rules that are no experiment's, and everyone else", () => {
    expect(releasable(config).map(({ label, rule }) => [label, rule])).toEqual([
      ["Rule 1: Germans", "a"],
      ["Everyone else", null],
    ]);
  });

  it("are steps above what is served now", () => {
    const weights = [
      { variant: "on", parts: 10_000 },
      { variant: "off", parts: 90_000 },
    ];
    const rolled = { ...config, serve: { split: { by: "targetingKey", salt: "s", weights } } };
    const stepsOf = (preset: "careful" | "quick") =>
      aboveNow(planByPreset(preset, chosen), rolled).steps.map(({ parts }) => parts);
    expect([stepsOf("careful"), stepsOf("quick")]).toEqual([[25_000, 50_000], [50_000]]);
    expect(aboveNow(planByPreset("careful", chosen), config).steps).toHaveLength(4);
  });

  it("is the variant that not everybody gets, rather not the one while off", () => {
    expect(likelyVariant(config, null, ["off", "on"])).toBe("on");
    expect(likelyVariant(config, "a", ["off", "on"])).toBe("off");
    expect(likelyVariant(config, null, ["off"])).toBe("");
  });
});
