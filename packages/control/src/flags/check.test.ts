import type { FlagConfiguration } from "@telltale/ruleset";
import { describe, expect, it } from "vitest";
import { checkConfiguration } from "./check.ts";
import { configurationSchema } from "./schema.ts";

const known = { variants: new Set(["on", "off"]), segments: new Set(["staff"]), experiments: new Set<string>() };
const good: FlagConfiguration = {
  on: true,
  off: "off",
  targets: [{ variant: "on", ids: ["u-1"] }],
  rules: [{ id: "r", when: [{ op: "inSegment", segments: ["staff"] }], serve: { variant: "on" } }],
  serve: {
    split: {
      by: "targetingKey",
      salt: "s",
      weights: [
        { variant: "on", parts: 10_000 },
        { variant: "off", parts: 90_000 },
      ],
    },
  },
};
const serve = (weights: { variant: string; parts: number }[], experiment?: string): FlagConfiguration => ({
  ...good,
  serve: { split: { by: "targetingKey", salt: "s", weights, experiment } },
});

describe("checkConfiguration", () => {
  it("accepts a sound one", () => {
    expect(checkConfiguration(good, known)).toEqual([]);
  });
  it.each([
    ["an unknown off variant", { ...good, off: "gone" }, "off variant"],
    ["an unknown target", { ...good, targets: [{ variant: "gone", ids: ["a"] }] }, "Targeted variant"],
    [
      "an unknown segment",
      {
        ...good,
        rules: [{ id: "r", when: [{ op: "inSegment" as const, segments: ["gone"] }], serve: { variant: "on" } }],
      },
      "segment",
    ],
    [
      "shares that do not make 100 %",
      serve([
        { variant: "on", parts: 10_000 },
        { variant: "off", parts: 80_000 },
      ]),
      "90 %",
    ],
    [
      "a variant named twice",
      serve([
        { variant: "on", parts: 50_000 },
        { variant: "on", parts: 50_000 },
      ]),
      "twice",
    ],
    ["an experiment that does not run", serve([{ variant: "on", parts: 100_000 }], "gone"), "not running"],
    ["two rules with one id", { ...good, rules: [...good.rules, ...good.rules] }, "same id"],
  ])("refuses %s", (_, config, words) => {
    expect(checkConfiguration(config, known).join(" ")).toContain(words);
  });
});

describe("configurationSchema", () => {
  it("takes what the type says and nothing else", () => {
    expect(configurationSchema.parse(good)).toEqual(good);
    expect(configurationSchema.safeParse({ ...good, on: "yes" }).success).toBe(false);
    expect(configurationSchema.safeParse(serve([{ variant: "on", parts: 0.5 }])).success).toBe(false);
    const rule = (when: unknown) => ({ ...good, rules: [{ id: "r", when, serve: { variant: "on" } }] });
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "in", values: [] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "in", values: ["a", 1] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "regex", values: ["("] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "lt", values: ["3"] }])).success).toBe(false);
  });
});
