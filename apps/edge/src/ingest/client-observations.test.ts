import type { ObservationsEvent } from "@telltale/evaluator";
import type { CurrentRuleset } from "@telltale/ruleset/read";
import { rulesetOf } from "@telltale/testing/ruleset";
import { expect, it } from "vitest";
import { refuseFromClient } from "./client-observations.ts";

const hints = { flushIntervalMs: 10_000, fastLane: true, watched: { seen: { by: "targetingKey" } } };
const served: CurrentRuleset = {
  environmentId: "env",
  environment: "shop/production",
  audience: "client",
  version: 7,
  digest: "d",
  document: JSON.stringify(rulesetOf(7, { seen: {}, other: {} }, { hints })),
  etag: '"7"',
  publishedAt: 0,
};
const report = (flag: string, units: ObservationsEvent["units"]): ObservationsEvent => ({
  type: "observations",
  id: "1",
  time: "2026-11-28T12:00:00Z",
  flag,
  rule: "",
  variant: "on",
  version: 7,
  metric: "error",
  count: 1,
  ...(units && { units }),
});
const units = (count: number, halvings = 0) => ({ halvings, units: Array.from({ length: count }, (_, i) => i) });

it("lets a browser speak for few units of flags that browsers watch, and for nothing else", () => {
  expect(refuseFromClient(report("seen", units(8)), served)).toBeUndefined();
  expect(refuseFromClient(report("seen", undefined), served)).toBeUndefined();
  expect(refuseFromClient(report("seen", units(9)), served)).toContain("at most 8");
  // One such report would thin what all others have said.
  expect(refuseFromClient(report("seen", units(1, 1)), served)).toContain("at most 8");
  expect(refuseFromClient(report("other", units(1)), served)).toContain("watched");
  expect(refuseFromClient(report("seen", units(1)), undefined)).toContain("watched");
});
