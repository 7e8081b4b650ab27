import { type Condition, createNaming, evaluate, prepare } from "@telltale/evaluator";
import { expect, it } from "vitest";
import { assemble, assembleText } from "./assemble.ts";
import { type CompiledFlag, Entries, type EntryChange } from "./entries.ts";

const header: EntryChange = [
  "header",
  "",
  { schema: 2, environment: "shop/test", hints: { flushIntervalMs: 1, fastLane: false } },
];
const flag = (when: Condition[], more: Partial<CompiledFlag> = {}): CompiledFlag => ({
  variants: { on: true, off: false },
  off: "off",
  rules: [["r1", when, "on"]],
  serve: "off",
  ...more,
});
const plan = (value: string): Condition[] => [{ attribute: "plan", op: "in", values: [value] }];

/** Two lists of conditions that FNV-1a gives one name. */
const namesakes = [plan("ITEpqLcn"), plan("R9JTjGIk")] as const;

it("gives conditions whose names would be the same two names", () => {
  const [one, other] = namesakes;
  expect(createNaming().nameOf(one)).toBe(createNaming().nameOf(other));
  const entries = new Entries();
  entries.apply([header, ["flag", "a", flag(one)], ["flag", "b", flag(other)], ["flag", "c", flag(one)]]);
  const document = assemble(entries, "server", 1);
  expect(Object.values(document.conditions)).toEqual([one, other]);
  const prepared = prepare(document);
  if (!prepared.ok) throw new Error(prepared.reason);
  const value = (key: string, [condition]: Condition[]) => {
    const [of] = condition && "values" in condition ? condition.values : [];
    return evaluate(prepared.ruleset, key, { targetingKey: "u", plan: String(of) }, false).value;
  };
  expect([value("a", one), value("a", other), value("b", one), value("b", other)]).toEqual([true, false, false, true]);
});

it("writes the same text whatever was there before, and in whatever order it came", () => {
  const changes: EntryChange[] = [
    header,
    ["segment", "crew", { rules: [plan("x")] }],
    ["flag", "10", flag([])],
    ["flag", "b", flag([{ op: "inSegment", segments: ["crew"] }])],
    ["flag", "a", flag(plan("z"))],
    ["flag", "9", flag(plan("y"), { serve: { by: "org", seed: 1, ends: [2 ** 32], variants: ["on"] } })],
  ];
  const [once, later] = [new Entries(), new Entries()];
  once.apply(changes);
  later.apply([header, ["flag", "b", flag(plan("old"))], ["flag", "gone", flag(plan("old"))]]);
  assembleText(later, "client", 1);
  later.apply([...changes].reverse());
  later.apply([["flag", "gone", null]]);
  expect(later.digest).toBe(once.digest);
  const text = JSON.stringify(assemble(once, "client", 2));
  expect(assembleText(later, "client", 2).text).toBe(text);
  expect(JSON.parse(text)).toMatchObject({ attributes: ["org", "targetingKey"], segments: { crew: {} } });
  expect(Object.keys(JSON.parse(text).conditions)).toHaveLength(4);
});
