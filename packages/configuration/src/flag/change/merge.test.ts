import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "../configuration.ts";
import { applyToFlag } from "./apply.ts";
import { diffFlag, isSameConfiguration } from "./diff.ts";
import { anyConfiguration, anyContent, anyInstruction, anyServe } from "./fixtures.ts";
import { describeConflicts, mergeFlag, rebaseFlag } from "./merge.ts";

const rule = (id: string, variant = "on") => ({
  id,
  when: [{ attribute: "country", op: "in" as const, values: [id] }],
  serve: { variant },
});
const base: FlagConfiguration = {
  on: true,
  off: "off",
  serve: { variant: "on" },
  targets: [{ variant: "on", ids: ["ana", "ben"] }],
  rules: [rule("r1"), rule("r2"), rule("r3")],
};
const withRules = (...rules: FlagConfiguration["rules"]) => ({ ...base, rules });
const idsOf = ({ rules }: FlagConfiguration) => rules.map(({ id }) => id);

const edits = fc.array(anyInstruction, { minLength: 1, maxLength: 3 });

describe("the laws of merging", () => {
  it("an edit and no edit is the edit, and the same edit twice is that edit", () => {
    fc.assert(
      fc.property(anyConfiguration(), anyConfiguration(), (before, after) => {
        for (const [mine, theirs] of [
          [after, before],
          [before, after],
          [after, after],
        ] as const) {
          const { configuration, conflicts } = mergeFlag(before, mine, theirs);
          expect(conflicts).toEqual([]);
          expect(isSameConfiguration(configuration, after)).toBe(true);
        }
      }),
    );
  });

  it("does not depend on who came first where there is no conflict", () => {
    fc.assert(
      fc.property(anyConfiguration(), edits, edits, (before, first, second) => {
        const [one, other] = [first, second].map((list) => applyToFlag(before, list).configuration);
        if (!one || !other) return;
        const merged = mergeFlag(before, one, other);
        const turned = mergeFlag(before, other, one);
        expect(merged.conflicts.length === 0).toBe(turned.conflicts.length === 0);
        fc.pre(merged.conflicts.length === 0);
        expect(isSameConfiguration(merged.configuration, turned.configuration)).toBe(true);
      }),
    );
  });

  it("edits of different rules never conflict, and all of them stay", () => {
    const edit = fc.record({
      edited: fc.option(anyContent, { nil: undefined }),
      isRemoved: fc.boolean(),
      added: fc.option(anyContent, { nil: undefined }),
      at: fc.nat({ max: 6 }),
    });
    fc.assert(
      fc.property(anyConfiguration(), edit, edit, (before, one, other) => {
        const [first, second] = before.rules;
        fc.pre(first !== undefined && second !== undefined);
        if (!first || !second) return;
        const editOf = (own: typeof first, { edited, isRemoved, added, at }: typeof one, id: string) => {
          const rules = before.rules.flatMap((each) => {
            if (each.id !== own.id) return [each];
            return isRemoved ? [] : [edited ? { id: own.id, ...edited } : each];
          });
          return { ...before, rules: added ? rules.toSpliced(at % (rules.length + 1), 0, { id, ...added }) : rules };
        };
        const [mine, theirs] = [editOf(first, one, "mine"), editOf(second, other, "theirs")];
        const { configuration, conflicts } = mergeFlag(before, mine, theirs);
        expect(conflicts).toEqual([]);
        const get = (config: FlagConfiguration, id: string) => config.rules.find((each) => each.id === id);
        expect(get(configuration, first.id)).toEqual(get(mine, first.id));
        expect(get(configuration, second.id)).toEqual(get(theirs, second.id));
        expect(get(configuration, "mine")).toEqual(get(mine, "mine"));
        expect(get(configuration, "theirs")).toEqual(get(theirs, "theirs"));
        for (const edited of [mine, theirs]) {
          const kept = idsOf(configuration).filter((id) => idsOf(edited).includes(id));
          const order = idsOf(edited).filter((id) => kept.includes(id));
          expect(kept).toEqual(order);
        }
      }),
    );
  });

  it("edits of one rule's conditions and of what it serves always conflict, whoever made which, and its name and place do not", () => {
    fc.assert(
      fc.property(anyConfiguration(), anyContent, fc.nat(), (before, { when, serve, name }, to) => {
        const [first] = before.rules;
        fc.pre(first !== undefined);
        if (!first) return;
        const edited = (edit: Partial<typeof first>) => ({
          ...before,
          rules: before.rules.map((each) => (each === first ? { ...first, ...edit } : each)),
        });
        const [conditions, served] = [edited({ when }), edited({ serve })];
        fc.pre(!isSameConfiguration(before, conditions) && !isSameConfiguration(before, served));
        const conflicts = [{ part: "rule", rule: first.id }];
        expect(mergeFlag(before, conditions, served)).toEqual({ configuration: conditions, conflicts });
        expect(mergeFlag(before, served, conditions)).toEqual({ configuration: served, conflicts });
        expect(rebaseFlag(before, conditions, served).conflicts).toEqual(conflicts);
        // What one asks for is done already by the other, who asks for more.
        expect(mergeFlag(before, conditions, edited({ when, serve })).conflicts).toEqual([]);
        expect(mergeFlag(before, conditions, edited({ name })).conflicts).toEqual([]);
        const others = before.rules.slice(1);
        const moved = { ...before, rules: others.toSpliced(to % (others.length + 1), 0, first) };
        expect(mergeFlag(before, served, moved).conflicts).toEqual([]);
      }),
    );
  });

  it("where both change the same, mine stands and the conflict is told", () => {
    fc.assert(
      fc.property(anyServe, anyServe, (mine, theirs) => {
        const merged = mergeFlag(base, { ...base, serve: mine }, { ...base, serve: theirs });
        const [one, other] = [
          { ...base, serve: mine },
          { ...base, serve: theirs },
        ];
        const isConflict = [one, other].every((edited) => !isSameConfiguration(base, edited));
        if (isConflict && !isSameConfiguration(one, other)) expect(merged.conflicts).toEqual([{ part: "everyone" }]);
        else expect(merged.conflicts).toEqual([]);
        if (isConflict) expect(merged.configuration.serve).toEqual(mine);
      }),
    );
  });
});

describe("a conflict", () => {
  it.each<[string, FlagConfiguration, FlagConfiguration, unknown[], Partial<FlagConfiguration>]>([
    ["the off variant", { ...base, off: "on" }, { ...base, off: "blue" }, [{ part: "off" }], { off: "on" }],
    [
      "one rule, edited by both",
      withRules(rule("r1", "off"), rule("r2"), rule("r3")),
      withRules(rule("r1", "blue"), rule("r2"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [rule("r1", "off"), rule("r2"), rule("r3")] },
    ],
    [
      "one rule, of which I changed whom it is for and they what it serves",
      withRules({ ...rule("r1"), when: [] }, rule("r2"), rule("r3")),
      withRules(rule("r1", "blue"), rule("r2"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [{ ...rule("r1"), when: [] }, rule("r2"), rule("r3")] },
    ],
    [
      "one rule, of which I changed what it serves and they both",
      withRules(rule("r1", "off"), rule("r2"), rule("r3")),
      withRules({ ...rule("r1", "blue"), when: [] }, rule("r2"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [rule("r1", "off"), rule("r2"), rule("r3")] },
    ],
    [
      "a rule that I added twice",
      withRules(...base.rules, rule("new"), rule("new", "off")),
      { ...base, off: "blue" },
      [{ part: "rule", rule: "new" }],
      { off: "blue", rules: [...base.rules, rule("new", "off")] },
    ],
    [
      "a rule that they removed and I edited",
      withRules(rule("r1", "off"), rule("r2"), rule("r3")),
      withRules(rule("r2"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [rule("r1", "off"), rule("r2"), rule("r3")] },
    ],
    [
      "a rule that I removed and they edited",
      withRules(rule("r2"), rule("r3")),
      withRules(rule("r1", "off"), rule("r2"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [rule("r2"), rule("r3")] },
    ],
    [
      "one id, targeted by both",
      { ...base, targets: [{ variant: "on", ids: ["ben"] }] },
      {
        ...base,
        targets: [
          { variant: "on", ids: ["ben"] },
          { variant: "off", ids: ["ana"] },
        ],
      },
      [{ part: "target", id: "ana" }],
      { targets: [{ variant: "on", ids: ["ben"] }] },
    ],
    [
      "a rule that both added",
      withRules(...base.rules, rule("new", "on")),
      withRules(...base.rules, rule("new", "off")),
      [{ part: "rule", rule: "new" }],
      { rules: [...base.rules, rule("new", "on")] },
    ],
    [
      "a rule that both moved",
      withRules(rule("r2"), rule("r3"), rule("r1")),
      withRules(rule("r2"), rule("r1"), rule("r3")),
      [{ part: "rule", rule: "r1" }],
      { rules: [rule("r2"), rule("r3"), rule("r1")] },
    ],
    [
      "two rules, each moved in front of the other",
      withRules(rule("r2"), rule("r1"), rule("r3")),
      withRules(rule("r3"), rule("r1"), rule("r2")),
      [{ part: "order" }],
      { rules: [rule("r2"), rule("r1"), rule("r3")] },
    ],
  ])("is told: %s", (_, mine, theirs, conflicts, expected) => {
    expect(mergeFlag(base, mine, theirs)).toEqual({ configuration: { ...base, ...expected }, conflicts });
  });

  it("is that one turns it on while the other changes what it serves", () => {
    const off = { ...base, on: false };
    const [on, edited] = [base, { ...off, serve: { variant: "off" } }];
    expect(mergeFlag(off, on, edited).conflicts).toEqual([{ part: "switch" }]);
    expect(mergeFlag(off, edited, on).conflicts).toEqual([{ part: "switch" }]);
    expect(mergeFlag(off, on, { ...off, off: "on" }).conflicts).toEqual([]);
    expect(mergeFlag(base, off, { ...base, serve: { variant: "off" } })).toEqual({
      configuration: { ...off, serve: { variant: "off" } },
      conflicts: [],
    });
  });
});

describe("putting an edit on top of a newer configuration", () => {
  it("does what it did before, wherever there is no conflict", () => {
    fc.assert(
      fc.property(anyConfiguration(), edits, edits, (before, first, second) => {
        const [mine, newest] = [first, second].map((list) => applyToFlag(before, list).configuration);
        if (!mine || !newest) return;
        const { configuration, conflicts } = rebaseFlag(before, mine, newest);
        const merged = mergeFlag(before, mine, newest);
        if (merged.conflicts.length > 0) expect(conflicts).toEqual(merged.conflicts);
        fc.pre(conflicts.length === 0);
        expect(configuration).toEqual(merged.configuration);
        const asked = new Set(diffFlag(before, mine).map(({ kind }) => kind));
        for (const { kind } of diffFlag(newest, configuration)) expect(asked).toContain(kind);
      }),
    );
  });

  it("takes for done what others did already", () => {
    const edited = withRules(rule("r1", "off"), rule("r2"), rule("r3"));
    expect(rebaseFlag(base, edited, { ...edited, off: "on" })).toEqual({
      configuration: { ...edited, off: "on" },
      conflicts: [],
    });
  });

  it("is asked about where the edit would now pass by a rule that it did not know", () => {
    const [before, swapped] = [withRules(rule("r2"), rule("r1")), withRules(rule("r1"), rule("r2"))];
    const newest = withRules(rule("new"), rule("r2"), rule("r1"));
    // The new rule stands in front of r2, wherever that goes: r1 would come before it.
    expect(idsOf(mergeFlag(before, swapped, newest).configuration)).toEqual(["r1", "new", "r2"]);
    expect(rebaseFlag(before, swapped, newest).conflicts).toEqual([{ part: "order" }]);
  });

  it("says in words what both changed", () => {
    const [mine, theirs] = ["off", "blue"].map((variant) => ({
      ...withRules(rule("r1"), rule("r2", variant)),
      off: variant,
    }));
    if (!mine || !theirs) throw new Error("There are two.");
    const { conflicts } = rebaseFlag({ ...withRules(rule("r1"), rule("r2")), off: "on" }, mine, theirs);
    expect(describeConflicts(conflicts, theirs)).toBe("the off variant, rule 2");
  });
});
