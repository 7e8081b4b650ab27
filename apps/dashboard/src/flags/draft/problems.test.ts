import { describe, expect, it } from "vitest";
import type { ConfigRule, FlagConfiguration } from "../../query/outputs.ts";
import { configProblems } from "./problems.ts";

const config = (rules: ConfigRule[]): FlagConfiguration => ({
  on: true,
  off: "off",
  targets: [],
  rules,
  serve: { variant: "off" },
});
const split = (experiment?: string) => ({
  split: {
    by: "targetingKey",
    salt: "s",
    weights: [{ variant: "on", parts: 100_000 }],
    ...(experiment ? { experiment } : {}),
  },
});

describe("configProblems", () => {
  it("refuses a rule that would take everybody by accident, but not an experiment's", () => {
    expect(configProblems(config([{ id: "a", when: [], serve: { variant: "on" } }]))).toHaveLength(1);
    expect(configProblems(config([{ id: "a", when: [], serve: split("checkout") }]))).toEqual([]);
  });

  it("refuses blank conditions", () => {
    const blank: ConfigRule = {
      id: "a",
      when: [{ attribute: "country", op: "in", values: [] }],
      serve: { variant: "on" },
    };
    expect(configProblems(config([blank]))).toEqual(["Rule 1 has a condition that is not filled in."]);
  });

  it("refuses a draw by nothing", () => {
    const serve = { split: { ...split().split, by: " " } };
    expect(configProblems({ ...config([]), serve })).toEqual(["Everyone else is split by no attribute."]);
  });
});
