import { describe, expect, it } from "vitest";
import { describeChanges } from "../../changes.ts";
import type { FlagConfiguration } from "../configuration.ts";
import { german, splitOf, tenth } from "../fixtures.ts";
import { describeFlagChange, listFlagChanges, movedParts } from "./words.ts";

const everybody = (id: string) => ({ id, when: [], serve: { variant: "on" } });
const withRules = (...rules: FlagConfiguration["rules"]) => ({ ...tenth, rules });

describe("a flag's change in words", () => {
  it.each<[string, FlagConfiguration, FlagConfiguration, string]>([
    ["a switch", tenth, { ...tenth, on: false }, "Turned off."],
    ["a rollout", tenth, { ...tenth, serve: splitOf(50_000) }, "Everyone else: on 10 %, off 90 % → on 50 %, off 50 %."],
    ["an added rule", tenth, withRules(german), "Rule 1 added: country is DE or AT → on."],
    ["a removed rule", withRules(german), tenth, "Rule 1 removed (country is DE or AT → on)."],
    [
      "an edited rule",
      withRules(german),
      withRules({ ...german, serve: { variant: "off" } }),
      "Rule 1: country is DE or AT → on, now country is DE or AT → off.",
    ],
    ["a name", withRules(german), withRules({ ...german, name: "A" }), 'Rule 1, its name: none → "A".'],
    [
      "a moved rule",
      withRules(german, everybody("a"), everybody("b")),
      withRules(everybody("b"), german, everybody("a")),
      "Rule 3 moved to place 1.",
    ],
    [
      "ids",
      { ...tenth, targets: [{ variant: "on", ids: ["ana"] }] },
      { ...tenth, targets: [{ variant: "on", ids: ["ben", "cem", "dea", "eva"] }] },
      "Individual targets of on removed (ana); individual targets of on added: ben, cem, dea and 1 more.",
    ],
    [
      "several",
      tenth,
      { ...tenth, on: false, off: "on", prerequisites: [{ flag: "a", variants: ["on"] }] },
      "Turned off; off variant: off → on; prerequisites: none → a serves on.",
    ],
    ["nothing", tenth, structuredClone(tenth), "Nothing changed."],
  ])("tells of %s", (_, before, after, sentence) => {
    expect(describeFlagChange(before, after)).toBe(sentence);
    expect(describeChanges(listFlagChanges(before, after))).toBe(sentence);
  });

  it("tells by which attribute people are drawn where that changes", () => {
    expect(listFlagChanges(tenth, { ...tenth, serve: splitOf(10_000, "accountId") })).toEqual([
      {
        kind: "changed",
        subject: "Everyone else",
        before: "on 10 %, off 90 %, by targetingKey",
        after: "on 10 %, off 90 %, by accountId",
      },
    ]);
  });

  it("tells of values that words leave out", () => {
    const on = (last: string) =>
      withRules({ ...german, when: [{ attribute: "country", op: "in", values: ["a", "b", "c", last] }] });
    expect(listFlagChanges(on("d"), on("e"))).toMatchObject([{ after: expect.stringMatching(/, with other values$/) }]);
  });

  it("has a line of its own for each subject", () => {
    const before = withRules(german, everybody("a"), everybody("b"));
    const after = withRules({ ...everybody("b"), name: "B" }, { ...german, name: "A" }, everybody("c"));
    const lines = listFlagChanges(before, after).map(({ kind, subject }) => `${kind} ${subject}`);
    expect(lines).toEqual([
      "removed Rule 2",
      "changed Rule 1, its name",
      "moved Rule 1",
      "changed Rule 2, its name",
      "added Rule 3",
    ]);
  });
});

describe("movedParts", () => {
  it("is the share of everyone else who get something else", () => {
    expect(movedParts(tenth, { ...tenth, serve: splitOf(50_000) })).toBe(40_000);
    expect(movedParts(tenth, { ...tenth, serve: { variant: "on" } })).toBe(90_000);
    expect(movedParts(tenth, tenth)).toBe(0);
  });
});
