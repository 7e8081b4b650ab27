import type { Flag, Ruleset } from "@telltale/evaluator";

/** A boolean flag that serves "off", changed as the test says. */
export function flagOf(more: Partial<Flag> = {}): Flag {
  return {
    type: "boolean",
    on: true,
    variants: { on: true, off: false },
    off: "off",
    rules: [],
    serve: { variant: "off" },
    ...more,
  };
}

/** A ruleset of these flags, each a `flagOf`, for an environment `shop/test`. */
export function rulesetOf(version: number, flags: Record<string, Partial<Flag>>, more: Partial<Ruleset> = {}): Ruleset {
  return {
    schema: 1,
    environment: "shop/test",
    audience: "client",
    version,
    digest: `d${version}`,
    flags: Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, flagOf(flag)])),
    segments: {},
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 60_000, fastLane: false },
    ...more,
  };
}
