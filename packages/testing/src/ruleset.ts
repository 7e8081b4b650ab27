import {
  type Condition,
  createNaming,
  type Flag,
  type Ruleset,
  type Segment,
  type Serve,
  sealed,
} from "@telltale/evaluator";

/** A flag as tests write it: what a rule asks stands in the rule. */
export type TestFlag = Omit<Flag, "rules"> & { rules?: { id: string; when: Condition[]; serve: Serve }[] };
type TestSegment = Omit<Segment, "rules"> & { rules?: Condition[][] };
type TestRuleset = Partial<Omit<Ruleset, "segments" | "flags">> & { segments?: Record<string, TestSegment> };

/** A boolean flag that serves "off", changed as the test says. */
export function flagOf(more: Partial<TestFlag> = {}): TestFlag {
  return { variants: { on: true, off: false }, off: "off", serve: "off", ...more };
}

/** A ruleset of these flags, each a `flagOf`, for an environment `shop/test`. */
export function rulesetOf(
  version: number,
  flags: Record<string, Partial<TestFlag>>,
  { segments = {}, ...more }: TestRuleset = {},
): Ruleset {
  const naming = createNaming();
  const named = Object.entries(flags).map(([key, flag]) => {
    const { rules = [], ...rest } = flagOf(flag);
    return [key, { ...rest, rules: rules.map(({ id, when, serve }) => [id, naming.nameOf(when), serve]) }];
  });
  const asked = Object.entries(segments).map(([key, { rules = [], ...rest }]) => [
    key,
    { ...rest, rules: rules.map((when) => naming.nameOf(when)) },
  ]);
  return sealed({
    schema: 2,
    environment: "shop/test",
    audience: "client",
    version,
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 60_000, fastLane: false },
    conditions: naming.all(),
    segments: Object.fromEntries(asked),
    flags: Object.fromEntries(named),
    ...more,
  });
}
