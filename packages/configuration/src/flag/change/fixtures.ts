import fc from "fast-check";
import type { ConfigCondition, ConfigRule, ConfigServe, FlagConfiguration } from "../configuration.ts";
import type { FlagInstruction } from "./instruction.ts";

const variant = fc.constantFrom("on", "off", "blue");
const ids = fc.constantFrom("ana", "ben", "cem", "dea", "eva");

const condition: fc.Arbitrary<ConfigCondition> = fc.oneof(
  fc.record({
    attribute: fc.constantFrom("country", "plan"),
    op: fc.constantFrom("in" as const, "notIn" as const),
    values: fc.uniqueArray(fc.constantFrom("DE", "AT", "CH", "FR", "IT"), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ op: fc.constant("inSegment" as const), segments: fc.constantFrom("crew", "staff").map((key) => [key]) }),
);

const split = fc.record({
  by: fc.constantFrom("targetingKey", "accountId"),
  salt: fc.constantFrom("salt-1", "salt-2"),
  weights: fc.integer({ min: 0, max: 4 }).map((quarters) => [
    { variant: "on", parts: quarters * 25_000 },
    { variant: "off", parts: 100_000 - quarters * 25_000 },
  ]),
  share: fc.option(fc.record({ salt: fc.constant("share"), parts: fc.constantFrom(10_000, 50_000) }), {
    nil: undefined,
  }),
});

export const anyServe: fc.Arbitrary<ConfigServe> = fc.oneof(
  fc.record({ variant }),
  split.map((value) => ({ split: value })),
);

const ruleOf = (id: fc.Arbitrary<string>): fc.Arbitrary<ConfigRule> =>
  fc.record({
    id,
    name: fc.option(fc.constantFrom("First", "Second"), { nil: undefined }),
    when: fc.array(condition, { maxLength: 2 }),
    serve: anyServe,
  });

export const RULE_IDS = ["r1", "r2", "r3", "r4", "r5", "r6"] as const;

/** A configuration with rules of these ids in any order, lists that say nothing and ids that two lists name. */
export function anyConfiguration(ruleIds: readonly string[] = RULE_IDS): fc.Arbitrary<FlagConfiguration> {
  return fc.record({
    on: fc.boolean(),
    off: variant,
    prerequisites: fc.option(
      fc.array(fc.record({ flag: fc.constantFrom("a", "b"), variants: variant.map((key) => [key]) }), { maxLength: 2 }),
      { nil: undefined },
    ),
    targets: fc.array(fc.record({ variant, ids: fc.uniqueArray(ids, { maxLength: 4 }) }), { maxLength: 4 }),
    rules: fc.uniqueArray(ruleOf(fc.constantFrom(...ruleIds)), { selector: ({ id }) => id, maxLength: ruleIds.length }),
    serve: anyServe,
  });
}

/** A rule's content by itself. */
export const anyContent = ruleOf(fc.constant("any")).map(({ id: _, ...content }) => content);

const anyId = fc.constantFrom(...RULE_IDS);
const newId = fc.constantFrom("n1", "n2", "n3");
/** What a rule is placed in front of. */
export const anyAnchor = fc.option(anyId, { nil: null });
const someIds = fc.uniqueArray(ids, { minLength: 1, maxLength: 3 });

export const anyInstruction: fc.Arbitrary<FlagInstruction> = fc.oneof(
  fc.record({ kind: fc.constantFrom("turnOn" as const, "turnOff" as const) }),
  fc.record({ kind: fc.constant("setOffVariant" as const), variant }),
  fc.record({ kind: fc.constantFrom("addTargets" as const, "removeTargets" as const), variant, ids: someIds }),
  fc.record({
    kind: fc.constant("setPrerequisites" as const),
    prerequisites: fc.constantFrom("a", "b").map((flag) => [{ flag, variants: ["on"] }]),
  }),
  fc.record({ kind: fc.constant("setServe" as const), rule: fc.option(anyId, { nil: null }), serve: anyServe }),
  fc.record({
    kind: fc.constant("setRollout" as const),
    rule: fc.option(anyId, { nil: null }),
    weights: variant.map((one) => [{ variant: one, parts: 100_000 }]),
  }),
  fc.tuple(newId, anyContent, anyAnchor).map(([id, content, before]) => {
    return { kind: "addRule" as const, rule: { id, ...content }, before };
  }),
  fc.record({ kind: fc.constant("removeRule" as const), rule: anyId }),
  fc.record({ kind: fc.constant("moveRule" as const), rule: anyId, before: anyAnchor }),
  fc.record({ kind: fc.constant("renameRule" as const), rule: anyId, name: fc.constantFrom(null, "A", "B") }),
  anyId.chain((rule) => anyContent.map(({ when }) => ({ kind: "setConditions" as const, rule, when }))),
);
