import { describe, expect, it } from "vitest";
import { isAsPlanned, otherwise, readingOf } from "./reading.ts";

const plan = { method: "sequence" as const, cupedDays: 14 };
const read = (query: string, settings = plan) => readingOf(new URLSearchParams(query), settings);

describe("a reading", () => {
  it("is the plan's where the address says nothing, or nonsense", () => {
    const planned = { method: "sequence", cuped: true, lift: "relative", by: "" };
    expect(read("")).toEqual(planned);
    expect(read("engine=magic&cuped=perhaps&lift=up")).toEqual(planned);
    expect(isAsPlanned(read("lift=absolute&by=country"), plan)).toBe(true);
  });

  it("asks only for what differs from the plan", () => {
    expect(otherwise(read("engine=fixed&cuped=on&by=country"), plan)).toEqual({ method: "fixed" });
    expect(otherwise(read("engine=sequence&cuped=off"), plan)).toEqual({ cuped: false });
    expect(isAsPlanned(read("cuped=off"), plan)).toBe(false);
  });

  it("cannot adjust by what was not planned and so not counted", () => {
    const unadjusted = { ...plan, cupedDays: 0 };
    expect(read("cuped=on", unadjusted).cuped).toBe(false);
    expect(isAsPlanned(read("cuped=on", unadjusted), unadjusted)).toBe(true);
  });

  it("takes an attribute's name without the spaces around it", () => {
    expect(read("by=%20country%20").by).toBe("country");
  });
});
