import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, isSame } from "../equality.ts";
import type { ConfigCondition } from "../flag/configuration.ts";
import {
  applyToSegment,
  diffSegment,
  invertSegment,
  isSameSegment,
  mergeSegment,
  segmentInstructionsSchema,
} from "./change.ts";
import { readSegmentDefinition, type SegmentDefinition, segmentSchema } from "./segment.ts";
import { describeSegment, describeSegmentChange } from "./words.ts";

const ids = fc.array(fc.constantFrom("ana", "ben", "cem", "dea"), { maxLength: 4 });
const condition: fc.Arbitrary<ConfigCondition> = fc.record({
  attribute: fc.constantFrom("country", "plan"),
  op: fc.constantFrom("in" as const, "notIn" as const),
  values: fc.uniqueArray(fc.constantFrom("DE", "AT", "CH"), { minLength: 1 }),
});
const when = fc.array(condition, { minLength: 1, maxLength: 2 });
const definition: fc.Arbitrary<SegmentDefinition> = fc.record({
  included: ids,
  excluded: ids,
  rules: fc.array(when, { maxLength: 3 }),
});

/** Who is in it, whatever the order and however often. */
const people = ({ included, excluded, rules }: SegmentDefinition) => ({
  included: new Set(included),
  excluded: new Set(excluded),
  rules: new Set(rules.map((rule) => JSON.stringify(rule))),
});

const named = (own: SegmentDefinition) => ({ name: "Segment", description: "", definition: own });

describe("the laws of a segment's changes", () => {
  it("what differs, applied, makes the one of the other, and has its inverse", () => {
    fc.assert(
      fc.property(definition, definition, (before, after) => {
        const difference = diffSegment(before, after);
        const made = applyToSegment(before, difference);
        expect(people(made)).toEqual(people(after));
        expect(people(applyToSegment(made, invertSegment(difference)))).toEqual(people(before));
        const byText = (list: readonly unknown[]) => list.map(canonical).sort();
        expect(byText(invertSegment(difference))).toEqual(byText(diffSegment(after, before)));
        expect(isSameSegment(before, after)).toBe(difference.length === 0);
        expect(describeSegmentChange(named(before), named(after)) === "Nothing changed.").toBe(difference.length === 0);
        if (difference.length > 0) expect(isSame(segmentInstructionsSchema.parse(difference), difference)).toBe(true);
        expect(isSame(readSegmentDefinition(JSON.parse(JSON.stringify(after))), segmentSchema.parse(after))).toBe(true);
      }),
    );
  });

  it("merging keeps both edits, whoever came first, and tells of ids that one includes and the other excludes", () => {
    fc.assert(
      fc.property(definition, definition, definition, (base, mine, theirs) => {
        const merge = (a: SegmentDefinition, b: SegmentDefinition) => mergeSegment(named(base), named(a), named(b));
        const { segment, conflicts } = merge(mine, theirs);
        const merged = segment.definition;
        expect(people(merged)).toEqual(people(merge(theirs, mine).segment.definition));
        expect(people(merge(mine, base).segment.definition)).toEqual(people(mine));
        const isNew = (list: "included" | "excluded", own: SegmentDefinition, id: string) =>
          own[list].includes(id) && !base[list].includes(id);
        const everyId: string[] = ["ana", "ben", "cem", "dea"];
        const expected = everyId.filter(
          (id) =>
            (isNew("included", mine, id) && isNew("excluded", theirs, id)) ||
            (isNew("excluded", mine, id) && isNew("included", theirs, id)),
        );
        expect([...new Set(conflicts.map((one) => "id" in one && one.id))].sort()).toEqual(expected);
        for (const list of ["included", "excluded"] as const) {
          const kept = base[list].filter((id) => mine[list].includes(id) && theirs[list].includes(id));
          const added = [mine, theirs].flatMap((own) => own[list].filter((id) => !base[list].includes(id)));
          expect(new Set(merged[list])).toEqual(new Set([...kept, ...added]));
        }
      }),
    );
  });
});

describe("merging what a segment is called", () => {
  it("takes the edited one, and tells where both edited it", () => {
    const base = named({ included: [], excluded: [], rules: [] });
    const [mine, theirs] = [
      { ...base, name: "Mine" },
      { ...base, description: "Theirs" },
    ];
    expect(mergeSegment(base, mine, theirs)).toEqual({
      segment: { ...base, name: "Mine", description: "Theirs" },
      conflicts: [],
    });
    expect(mergeSegment(base, mine, { ...base, name: "Theirs" })).toEqual({
      segment: mine,
      conflicts: [{ part: "name" }],
    });
  });
});

describe("a segment's change in words", () => {
  const german = [{ attribute: "country", op: "in" as const, values: ["DE"] }];
  const base = { included: ["ana", "ben"], excluded: [], rules: [german] };

  it("tells which ids and rules came and went", () => {
    const after = {
      included: ["ben", "cem"],
      excluded: ["dea"],
      rules: [[{ attribute: "plan", op: "exists" as const }]],
    };
    expect(describeSegmentChange(named(base), { ...named(after), name: "Crew", description: "x".repeat(100) })).toBe(
      `Name: "Segment" → "Crew"; description: "" → "${"x".repeat(60)}…"; ids always in removed (ana); ids always in added: cem; ids never in added: dea; rule 1 removed (country is DE); rule 1 added: plan is present.`,
    );
  });

  it("tells how large a new one is", () => {
    expect(describeSegment(base)).toBe("2 ids in, 0 out, 1 rule");
  });
});
