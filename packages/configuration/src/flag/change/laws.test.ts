import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSame } from "../../equality.ts";
import type { FlagConfiguration } from "../configuration.ts";
import { configurationSchema, readConfiguration } from "../schema.ts";
import { applyToFlag, invertFlag } from "./apply.ts";
import { diffFlag, isSameConfiguration } from "./diff.ts";
import { anyAnchor, anyConfiguration, anyContent, anyInstruction } from "./fixtures.ts";
import { type FlagInstruction, flagInstructionsSchema } from "./instruction.ts";
import { variantsById } from "./targets.ts";
import { describeFlagChange } from "./words.ts";

/** Instructions that a configuration can follow. */
const withInstructions = (size: number) =>
  fc
    .tuple(anyConfiguration(), fc.array(anyInstruction, { minLength: size, maxLength: size }))
    .filter(([config, list]) => applyToFlag(config, list).problems.length === 0);

const applied = (config: FlagConfiguration, list: readonly FlagInstruction[]) => {
  const { configuration, problems } = applyToFlag(config, list);
  expect(problems).toEqual([]);
  return configuration;
};

/** The rules that an instruction is about, its anchor among them. */
function rulesIn(instruction: FlagInstruction): (string | null)[] {
  const rule = "rule" in instruction ? instruction.rule : undefined;
  const own = typeof rule === "object" && rule !== null ? rule.id : rule;
  return [...(own === undefined ? [] : [own]), ...("before" in instruction ? [instruction.before] : [])];
}

describe("the laws of a flag's changes", () => {
  it("what differs, applied, makes the one of the other, followed at once or one by one", () => {
    fc.assert(
      fc.property(anyConfiguration(), anyConfiguration(), (before, after) => {
        const difference = diffFlag(before, after);
        const made = applied(before, difference);
        expect(isSameConfiguration(made, after)).toBe(true);
        expect(made.rules).toEqual(after.rules);
        expect(variantsById(made.targets)).toEqual(variantsById(after.targets));
        expect(difference.reduce((config, one) => applied(config, [one]), before).rules).toEqual(after.rules);
      }),
    );
  });

  it("nothing differs exactly where both decide the same, and the words say so", () => {
    fc.assert(
      fc.property(anyConfiguration(["r1", "r2"]), anyConfiguration(["r1", "r2"]), fc.boolean(), (a, other, isCopy) => {
        const b = isCopy ? (JSON.parse(JSON.stringify(a)) as FlagConfiguration) : other;
        const isEqual = isSameConfiguration(a, b);
        expect(isSameConfiguration(b, a)).toBe(isEqual);
        expect(describeFlagChange(a, b) === "Nothing changed.").toBe(isEqual);
        if (isCopy || isSame(a, b)) expect(isEqual).toBe(true);
      }),
    );
  });

  it("few move: one rule that changes its place is one instruction", () => {
    fc.assert(
      fc.property(anyConfiguration(), fc.nat(), fc.nat(), (config, from, to) => {
        const { rules } = config;
        fc.pre(rules.length > 1);
        const [rule] = rules.slice(from % rules.length);
        if (!rule) return;
        const moved = rules.filter((other) => other !== rule).toSpliced(to % rules.length, 0, rule);
        expect(diffFlag(config, { ...config, rules: moved }).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("every list of instructions has its inverse", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }).chain(withInstructions), ([config, list]) => {
        const undone = applied(applied(config, list), invertFlag(config, list));
        expect(isSameConfiguration(undone, config)).toBe(true);
        expect(undone.rules.map(({ id }) => id)).toEqual(config.rules.map(({ id }) => id));
      }),
    );
  });

  it("instructions on different rules commute", () => {
    fc.assert(
      fc.property(withInstructions(2), ([config, list]) => {
        const [one, other] = list;
        if (!one || !other) return;
        const [ones, others] = [rulesIn(one), rulesIn(other)];
        fc.pre(ones.length > 0 && others.length > 0 && !ones.some((rule) => others.includes(rule)));
        const sequence = (first: FlagInstruction, second: FlagInstruction) =>
          applied(applied(config, [first]), [second]);
        expect(sequence(one, other)).toEqual(sequence(other, one));
        expect(applied(config, [one, other])).toEqual(sequence(one, other));
      }),
    );
  });

  it("several in front of the same rule come in an order of their own", () => {
    fc.assert(
      fc.property(anyConfiguration(), anyContent, anyContent, anyAnchor, (config, a, b, before) => {
        fc.pre(before === null || config.rules.some(({ id }) => id === before));
        const one = { kind: "addRule" as const, rule: { id: "n1", ...a }, before };
        const other = { kind: "addRule" as const, rule: { id: "n2", ...b }, before };
        expect(applied(config, [one, other])).toEqual(applied(config, [other, one]));
      }),
    );
  });

  it("a difference is what the door takes, and a configuration what it reads", () => {
    fc.assert(
      fc.property(anyConfiguration(), anyConfiguration(), (before, after) => {
        const difference = diffFlag(before, after);
        fc.pre(difference.length > 0);
        expect(isSame(flagInstructionsSchema.parse(difference), difference)).toBe(true);
        expect(isSame(readConfiguration(JSON.parse(JSON.stringify(after))), after)).toBe(true);
        expect(isSame(configurationSchema.parse(after), after)).toBe(true);
      }),
    );
  });
});

describe("an instruction that cannot be followed", () => {
  const base: FlagConfiguration = {
    on: true,
    off: "off",
    targets: [],
    serve: { variant: "on" },
    rules: [
      { id: "r1", when: [], serve: { variant: "on" } },
      { id: "r2", when: [], serve: { variant: "on" } },
    ],
  };
  it.each<[string, FlagInstruction[], string[]]>([
    ["no rule to remove", [{ kind: "removeRule", rule: "x" }], ["no_rule x"]],
    ["no rule to edit", [{ kind: "renameRule", rule: "x", name: null }], ["no_rule x"]],
    ["no rule to place", [{ kind: "moveRule", rule: "x", before: null }], ["no_rule x"]],
    ["no anchor", [{ kind: "moveRule", rule: "r1", before: "x" }], ["no_anchor x"]],
    [
      "an id that is taken",
      [{ kind: "addRule", rule: { id: "r1", when: [], serve: { variant: "off" } }, before: null }],
      ["rule_exists r1"],
    ],
    ["no split", [{ kind: "setRollout", rule: null, weights: [] }], ["no_split null"]],
    [
      "a circle",
      [
        { kind: "moveRule", rule: "r1", before: "r2" },
        { kind: "moveRule", rule: "r2", before: "r1" },
      ],
      ["circle null"],
    ],
  ])("is told: %s", (_, instructions, expected) => {
    const { configuration, problems } = applyToFlag(base, instructions);
    expect(problems.map(({ code, rule }) => `${code} ${rule}`)).toEqual(expected);
    expect(configuration.rules).toEqual(base.rules);
  });

  it("leaves a rule where it is that is placed in front of itself", () => {
    expect(applied(base, [{ kind: "moveRule", rule: "r1", before: "r1" }])).toEqual(base);
  });
});
