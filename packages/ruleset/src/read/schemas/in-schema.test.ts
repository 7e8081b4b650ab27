import { createHash } from "node:crypto";
import { type Condition, type Flag, hashId, type Ruleset, sealed } from "@telltale/evaluator";
import { describe, expect, it } from "vitest";
import { type CurrentRuleset, etagOf } from "../catalogue.ts";
import { inSchema, SERVED_SCHEMAS } from "./in-schema.ts";

const plain: Flag = { variants: { on: true, off: false }, off: "off", serve: "on" };

function held(changes: Partial<Ruleset>): CurrentRuleset {
  const document = sealed({
    schema: 2,
    environment: "shop/test",
    audience: "server",
    version: 9,
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 1, fastLane: false },
    conditions: {},
    segments: {},
    flags: {},
    ...changes,
  });
  const { version, digest, audience, environment } = document;
  const of = { environmentId: "env", environment, audience, version, digest, publishedAt: 0 };
  return { ...of, document: JSON.stringify(document), etag: etagOf(document) };
}

function inSchema1(changes: Partial<Ruleset>) {
  const { ruleset, leftOut } = inSchema(held(changes), 1);
  return { ruleset, leftOut, document: JSON.parse(ruleset.document) as Record<string, unknown> };
}

describe("schema 1, of a ruleset of schema 2", () => {
  const country: Condition = { attribute: "country", op: "in", values: ["DE"] };
  const crew: Condition = { op: "inSegment", segments: ["crew"] };

  it("writes out what is usual, and what each rule asks", () => {
    const split = { seed: 7, ends: [2 ** 32], variants: ["on"], share: { seed: 1, start: 2, end: 3 }, experiment: "e" };
    const { ruleset, document, leftOut } = inSchema1({
      conditions: { c1: [country], c2: [country, crew] },
      segments: { crew: { included: ["ada"], rules: ["c1"] } },
      holdouts: { h: { by: "accountId", seed: 4, end: 5 } },
      flags: {
        f: {
          ...plain,
          on: false,
          visibility: "edge",
          prerequisites: [{ flag: "g", variants: ["wide"] }],
          targets: [{ variant: "on", ids: ["bob"] }],
          rules: [
            ["r1", "c2", split],
            ["r2", "", "on"],
          ],
          serve: "off",
        },
        g: { type: "json", variants: { wide: { columns: 3 } }, off: "wide", serve: { ...split, by: "accountId" } },
      },
    });
    const { by, ...rest } = { by: "targetingKey", ...split };
    const content = {
      schema: 1,
      environment: "shop/test",
      audience: "server",
      flags: {
        f: {
          type: "boolean",
          on: false,
          visibility: "edge",
          variants: plain.variants,
          off: "off",
          prerequisites: [{ flag: "g", variants: ["wide"] }],
          targets: [{ variant: "on", ids: { values: ["bob"] } }],
          rules: [
            { id: "r1", when: [country, crew], serve: { split: { by, ...rest } } },
            { id: "r2", when: [], serve: { variant: "on" } },
          ],
          serve: { variant: "off" },
        },
        g: {
          type: "json",
          on: true,
          variants: { wide: { columns: 3 } },
          off: "wide",
          rules: [],
          serve: { split: { by: "accountId", ...rest } },
        },
      },
      segments: { crew: { included: { values: ["ada"] }, rules: [[country]] } },
      holdouts: { h: { by: "accountId", seed: 4, end: 5 } },
      attributes: ["targetingKey"],
      hints: { flushIntervalMs: 1, fastLane: false },
    };
    const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    expect(document).toEqual({ ...content, version: 9, digest });
    expect([ruleset.version, ruleset.etag, leftOut]).toEqual([9, `"${digest}-9"`, []]);
  });

  it("says of lists for clients that they are hashed", () => {
    const ids = [hashId("ada")];
    const { document } = inSchema1({
      audience: "client",
      segments: { crew: { excluded: ids } },
      flags: { f: { ...plain, targets: [{ variant: "on", ids }] } },
    });
    expect(document).toMatchObject({
      segments: { crew: { excluded: { hashed: ids } } },
      flags: { f: { targets: [{ variant: "on", ids: { hashed: ids } }] } },
    });
  });

  // What a later schema may bring, none of which schema 1 would decide rightly.
  const asking = (condition: object): Partial<Ruleset> => ({
    conditions: { c1: [condition as Condition] },
    flags: { f: { ...plain, rules: [["r", "c1", "on"]] }, other: plain },
  });
  const serving = (serve: object): Partial<Ruleset> => ({
    flags: { f: { ...plain, serve: serve as never }, other: plain },
  });
  const split = { seed: 7, ends: [2 ** 32], variants: ["on"] };
  it.each<[string, Partial<Ruleset>, string]>([
    ["an operator", asking({ attribute: "a", op: "soundsLike", values: ["x"] }), 'it asks by "soundsLike"'],
    ["a member of a condition", asking({ ...country, fold: true }), 'its condition has "fold"'],
    [
      "a segment that is not there",
      asking({ op: "inSegment", segments: ["gone"] }),
      'it asks for segment "gone", which is not there',
    ],
    [
      "conditions that are not there",
      { ...asking(country), conditions: {} },
      'it asks for conditions "c1", which are not there',
    ],
    ["a member of a flag", { flags: { f: { ...plain, until: 1 } as Flag, other: plain } }, 'its flag has "until"'],
    ["a member of a split", serving({ ...split, sticky: true }), 'its split has "sticky"'],
    ["a member of a share", serving({ ...split, share: { seed: 1, end: 2, of: 3 } }), 'its share has "of"'],
    [
      "a rule of four parts",
      { flags: { f: { ...plain, rules: [["r", "", "on", 1]] } as never, other: plain } },
      "a rule has more than three parts",
    ],
    [
      "a segment by such an operator",
      {
        ...asking(crew),
        segments: { crew: { rules: ["c2"] } },
        conditions: { c1: [crew], c2: [{ attribute: "a", op: "soundsLike" } as never] },
      },
      'it asks by "soundsLike"',
    ],
  ])("leaves a flag out, and only that, for %s", (_, changes, reason) => {
    const { document, leftOut } = inSchema1(changes);
    expect(leftOut).toEqual([{ flag: "f", reason }]);
    expect(Object.keys(document.flags as object)).toEqual(["other"]);
    expect(Object.keys(document.segments as object)).toEqual([]);
  });

  it("leaves out what has such a flag as a prerequisite, however far away: it would be off for everybody", () => {
    const needs = (flag: string): Flag => ({ ...plain, prerequisites: [{ flag, variants: ["on"] }] });
    const { document, leftOut } = inSchema1({
      flags: { far: needs("near"), near: needs("f"), f: { ...plain, until: 1 } as Flag, circle: needs("circle") },
    });
    expect(leftOut.map(({ flag }) => flag)).toEqual(["f", "near", "far"]);
    expect(Object.keys(document.flags as object)).toEqual(["circle"]);
  });
});

it("keeps the document of this release's schema, and of any other that it does not write", () => {
  const now = held({});
  expect(inSchema(now, 2)).toEqual({ ruleset: now, leftOut: [] });
  const older = { ...now, document: JSON.stringify({ schema: 1, flags: {} }) };
  const newer = { ...now, document: JSON.stringify({ schema: 3, flags: {} }) };
  for (const ruleset of [older, newer])
    for (const schema of SERVED_SCHEMAS) expect(inSchema(ruleset, schema).ruleset).toBe(ruleset);
});
