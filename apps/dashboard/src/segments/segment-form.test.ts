import { describe, expect, it } from "vitest";
import { type SegmentForm, segmentProblems } from "./segment-form.ts";

const form = (definition: Partial<SegmentForm["definition"]>): SegmentForm => ({
  name: "Staff",
  description: "",
  definition: { included: [], excluded: [], rules: [], ...definition },
});

describe("segmentProblems", () => {
  it("accepts an empty segment and a filled one", () => {
    expect(segmentProblems(form({}))).toEqual([]);
    const rules = [[{ attribute: "email", op: "endsWith" as const, values: ["@harbour.example"] }]];
    expect(segmentProblems(form({ rules }))).toEqual([]);
  });

  it("refuses blanks", () => {
    expect(segmentProblems({ ...form({}), name: " " })).toEqual(["Give it a name."]);
    expect(segmentProblems(form({ rules: [[]] }))).toHaveLength(1);
  });
});
