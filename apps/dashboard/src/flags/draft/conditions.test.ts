import { describe, expect, it } from "vitest";
import {
  conditionProblems,
  makeCondition,
  OPERATOR_CHOICES,
  operatorChoiceOf,
  valueKind,
  valueTexts,
} from "./conditions.ts";

describe("conditions", () => {
  it("reads back the operator it was made with", () => {
    for (const { value } of OPERATOR_CHOICES) {
      expect(operatorChoiceOf(makeCondition("age", value, ["18", "21"]))).toBe(value);
    }
  });

  it("fixes the type of the values by the operator", () => {
    expect(makeCondition("plan", "is", ["3"])).toEqual({ attribute: "plan", op: "in", values: ["3"] });
    expect(makeCondition("plan", "equals", ["3", "x", "", "4,5"])).toEqual({
      attribute: "plan",
      op: "in",
      values: [3, 4.5],
    });
    expect(makeCondition("age", "gte", ["18", "21"])).toEqual({ attribute: "age", op: "gte", values: [18] });
    expect(makeCondition("app", "semverGte", ["1.4.0"])).toEqual({
      attribute: "app",
      op: "semverGte",
      values: ["1.4.0"],
    });
    expect(makeCondition("born", "before", ["1764000000000"]).op).toBe("before");
    expect(valueTexts(makeCondition("born", "after", [" 2026-11-24T10:00:00Z "]))).toEqual(["2026-11-24T10:00:00Z"]);
    expect(makeCondition("born", "after", ["1764000000000"])).toMatchObject({ values: [1_764_000_000_000] });
    expect(conditionProblems(makeCondition("app", "semverLt", [""]))).toEqual({ values: "Give a value" });
    expect(makeCondition("beta", "false", [])).toEqual({ attribute: "beta", op: "in", values: [false] });
  });

  it("understands conditions that were not made here", () => {
    expect(operatorChoiceOf({ attribute: "beta", op: "notIn", values: [true] })).toBe("false");
    expect(operatorChoiceOf({ attribute: "mixed", op: "in", values: ["a", 3] })).toBe("is");
    expect(valueTexts({ attribute: "mixed", op: "in", values: ["a", 3] })).toEqual(["a", "3"]);
    expect(valueKind("startsWith")).toBe("texts");
  });

  it("refuses blank attributes, values and segments", () => {
    expect(conditionProblems({ attribute: " ", op: "in", values: [] })).toEqual({
      attribute: "Name an attribute",
      values: "Give at least one value",
    });
    expect(conditionProblems(makeCondition("age", "lt", ["young"]))).toEqual({ values: "Give a number" });
    expect(conditionProblems({ op: "inSegment", segments: [] })).toEqual({ values: "Choose a segment" });
    expect(conditionProblems({ attribute: "country", op: "exists" })).toEqual({});
  });
});
