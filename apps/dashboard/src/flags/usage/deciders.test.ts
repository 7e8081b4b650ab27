import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "../../query/outputs.ts";
import { deciderRows, idleSentence } from "./deciders.ts";

const rule = (id: string, name?: string) => ({ id, name, when: [], serve: { variant: "on" } });
const config = (more: Partial<FlagConfiguration> = {}): FlagConfiguration => ({
  on: true,
  off: "off",
  targets: [],
  serve: { variant: "off" },
  rules: [rule("r-1", "Staff"), rule("r-2")],
  ...more,
});
const decidedBy = (id: string, count: number) => ({ by: "rule" as const, rule: id, count });

describe("who decided", () => {
  it("stands in the order in which the flag asks, rules by their number and name", () => {
    const decided = [
      { by: "other" as const, count: 1 },
      { by: "everyone" as const, count: 2 },
      decidedBy("r-2", 3),
      decidedBy("r-1", 4),
      { by: "target" as const, count: 5 },
      { by: "off" as const, count: 6 },
    ];
    expect(deciderRows(decided, config())).toEqual([
      { label: "Off", count: 6 },
      { label: "Individual targets", count: 5 },
      { label: "Rule 1", name: "Staff", count: 4 },
      { label: "Rule 2", name: undefined, count: 3 },
      { label: "Everyone else", count: 2 },
      { label: "An error, or an SDK’s own reason", count: 1 },
    ]);
  });

  it("counts rules that the flag has no longer, so that the sum is the same", () => {
    expect(deciderRows([decidedBy("r-8", 3), decidedBy("r-9", 4)], config())).toEqual([
      { label: "Rules that are gone", count: 7 },
    ]);
    expect(deciderRows([decidedBy("r-9", 4)], config())).toEqual([{ label: "A rule that is gone", count: 4 }]);
  });

  it("says that off may be a prerequisite's doing", () => {
    const prerequisites = [{ flag: "other", variants: ["on"] }];
    const [row] = deciderRows([{ by: "off", count: 1 }], config({ prerequisites }));
    expect(row?.label).toBe("Off, or a prerequisite not met");
  });
});

describe("idleSentence", () => {
  it("names the rules that decided nothing, a few of many", () => {
    expect(idleSentence([decidedBy("r-1", 1), decidedBy("r-2", 1)], config())).toBeUndefined();
    expect(idleSentence([decidedBy("r-1", 1)], config())).toBe("Rule 2 decided nothing.");
    expect(idleSentence([], config())).toBe("Rules 1 and 2 decided nothing.");
    const rules = Array.from({ length: 40 }, (_, at) => rule(`r-${at}`));
    expect(idleSentence([decidedBy("r-0", 1)], config({ rules }))).toBe(
      "Rules 2, 3, 4, 5 and 35 more decided nothing.",
    );
  });

  it("says nothing of a flag that is off", () => {
    expect(idleSentence([], config({ on: false }))).toBeUndefined();
  });
});
