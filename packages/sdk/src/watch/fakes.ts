import { encode, endsOf, hashId, hashToBucket, type Ruleset, seedOf, type Watched } from "@telltale/evaluator";
import { sketchHash } from "@telltale/evaluator/sketch";
import type { ClientOptions } from "../client.ts";
import { rulesetOf, startClient } from "../fakes.ts";
import { withWatch } from "./index.ts";

const half = { seed: seedOf("canary"), ends: endsOf([50_000, 50_000]), variants: ["on", "off"] };
const flags = {
  f: { serve: half, targets: [{ variant: "on", ids: [hashId("vip")] }] },
  ruled: { rules: [{ id: "r1", when: [{ attribute: "plan", op: "in" as const, values: ["pro"] }], serve: "on" }] },
  calm: { serve: "on" },
};

/** A ruleset whose hint says that these flags are watched. */
export function rulesetWith(
  watched: Record<string, Watched> | undefined,
  { version = 7, fastLane = true, more = {} } = {},
) {
  const hints = { flushIntervalMs: 10_000, fastLane, ...(watched && { watched }) };
  return rulesetOf(version, { ...flags, ...more }, { hints });
}
/** `f`, by its users. */
export const byUser: Record<string, Watched> = { f: { by: "targetingKey", above: { latency: 300 } } };

/** A watching client with the ruleset, on a fake clock and wire. */
export function start(bootstrap: Ruleset = rulesetWith(byUser), options: Partial<ClientOptions> = {}) {
  const world = startClient({ bootstrap, ...options });
  const client = withWatch(world.client, { schedule: world.clock.schedule });
  /** What was reported of a metric, without what every event has; units as texts where these are given. */
  const reported = (metric: string, ...names: string[]) =>
    world.events("observations").flatMap(({ id, time, type, units, ...rest }) => {
      if (rest.metric !== metric) return [];
      const named = units?.units.map((hash) => names.find((name) => sketchHash(name) === hash) ?? hash).sort();
      return [{ ...rest, ...(units && { halvings: units.halvings, units: named }) }];
    });
  return { ...world, plain: world.client, client, reported };
}
/** What `f` serves everyone else. */
export const arm = { flag: "f", rule: "", version: 7 };
/** Users that the split serves "off", and "on". */
const served = (variant: string) =>
  Array.from({ length: 20 }, (_, i) => `u-${i}`).find((unit) => {
    const isOn = hashToBucket(encode(unit), half.seed) < (half.ends[0] ?? 0);
    return isOn === (variant === "on");
  }) ?? "";
export const [OFF, ON] = [served("off"), served("on")];
