import { describe, expect, it } from "vitest";
import type { Problem } from "../query/problem.ts";
import { contradictoryIds, refusedIds, refusesIds, withoutIds } from "./bad-ids.ts";
import type { SegmentForm } from "./segment-form.ts";

const long = "x".repeat(300);
const form = (included: string[], excluded: string[] = []): SegmentForm => ({
  name: "Staff",
  description: "",
  definition: { included, excluded, rules: [] },
});
const refused = (...parts: NonNullable<Problem["input"]>["parts"]): Problem => ({
  code: "INVALID",
  message: "",
  input: { total: parts.length, parts },
});

describe("refusedIds", () => {
  const sent = form(["u-1", long], ["", "u-9"]);
  const problem = refused(
    { path: ["definition", "included", 1], reason: "too long" },
    { path: ["definition", "excluded", 0], reason: "empty" },
    { path: ["definition", "rules", 0], reason: "blank" },
    { path: ["name"], reason: "missing" },
  );

  it("are told by list, value and reason, and nothing else is", () => {
    expect(refusedIds(problem, sent, sent)).toEqual([
      { list: "included", value: long, reason: "too long" },
      { list: "excluded", value: "", reason: "empty" },
    ]);
  });

  it("keep their places when ids before them are taken away, and go when they are", () => {
    expect(refusedIds(problem, sent, form([long]))).toEqual([{ list: "included", value: long, reason: "too long" }]);
    expect(refusedIds(problem, sent, form(["u-1"]))).toEqual([]);
    expect(refusedIds(problem, undefined, sent)).toEqual([]);
  });
});

it("tells refusals of ids alone from those of something else as well", () => {
  const id = { path: ["definition", "included", 1], reason: "too long" };
  expect(refusesIds(refused(id))).toBe(true);
  expect(refusesIds(refused(id, { path: ["name"], reason: "missing" }))).toBe(false);
  expect(refusesIds({ code: "CONFLICT", message: "" })).toBe(false);
});

it("finds every id that is listed and left out", () => {
  const found = contradictoryIds(form(["u-1", "u-2", "u-3"], ["u-3", "u-1"]));
  expect(found.map(({ value }) => value)).toEqual(["u-1", "u-3"]);
});

it("takes ids from their own list only", () => {
  const { definition } = withoutIds(form(["a", "b"], ["a"]), [{ list: "included", value: "a", reason: "" }]);
  expect(definition).toMatchObject({ included: ["b"], excluded: ["a"] });
});
