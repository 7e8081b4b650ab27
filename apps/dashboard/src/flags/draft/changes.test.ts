import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "../../query/outputs.ts";
import { listChanges } from "./changes.ts";

const weights = [
  { variant: "on", parts: 10_000 },
  { variant: "off", parts: 90_000 },
];
const rule = {
  id: "de",
  when: [{ attribute: "country", op: "in" as const, values: ["DE", "AT", "CH", "LI"] }],
  serve: { variant: "on" },
};
const config: FlagConfiguration = {
  on: true,
  off: "off",
  targets: [{ variant: "on", ids: ["ana", "li"] }],
  rules: [rule],
  serve: { split: { by: "targetingKey", salt: "s", weights } },
};
/** As a JSON column gives it back: members by length of their names, then by name. */
const stored: FlagConfiguration = {
  on: true,
  off: "off",
  rules: [
    {
      id: "de",
      when: [{ op: "in", values: ["DE", "AT", "CH", "LI"], attribute: "country" }],
      serve: { variant: "on" },
    },
  ],
  serve: {
    split: {
      by: "targetingKey",
      salt: "s",
      weights: [
        { parts: 10_000, variant: "on" },
        { parts: 90_000, variant: "off" },
      ],
    },
  },
  targets: [{ ids: ["ana", "li"], variant: "on" }],
  prerequisites: [],
};
const subjects = (after: FlagConfiguration) => listChanges(stored, after).map(({ kind, subject }) => [kind, subject]);

describe("listChanges", () => {
  it("finds none where only the order of members differs", () => {
    expect(subjects(config)).toEqual([]);
    expect(subjects({ ...config, targets: [...config.targets, { variant: "off", ids: [] }] })).toEqual([]);
  });

  it("names the one thing that changed", () => {
    const added = { id: "all", when: [], serve: { variant: "on" } };
    expect(subjects({ ...config, rules: [rule, added] })).toEqual([["added", "Rule 2"]]);
    expect(subjects({ ...config, on: false })).toEqual([["changed", "Switch"]]);
  });

  it("names what changed though its words are the same", () => {
    const when = [{ attribute: "country", op: "in" as const, values: ["DE", "AT", "CH", "LU"] }];
    expect(subjects({ ...config, rules: [{ ...rule, when }] })).toEqual([["changed", "Rule 1"]]);
    const targets = [{ variant: "on", ids: ["eve", "li"] }];
    const [change] = listChanges(stored, { ...config, targets });
    expect(change).toMatchObject({ subject: "Individual targets", after: expect.stringContaining("other values") });
    const serve = { split: { by: "targetingKey", salt: "other", weights } };
    expect(subjects({ ...config, serve })).toEqual([["changed", "Everyone else"]]);
  });
});
