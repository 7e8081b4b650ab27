import ld from "@launchdarkly/node-server-sdk";
import { RULES } from "../scenario.mjs";

export const packageName = "@launchdarkly/node-server-sdk";
const clause = (attribute, op, values) => ({ contextKind: "user", attribute, op, values, negate: false });
const rules = [
  { id: "r1", clauses: [clause("country", "in", RULES.countries)], variation: 1 },
  { id: "r2", clauses: [clause("plan", "in", [RULES.plan])], variation: 2 },
  { id: "r3", clauses: [clause("build", "greaterThanOrEqual", [RULES.build])], variation: 1 },
];
const rollout = (...weights) => ({
  rollout: { contextKind: "user", variations: weights.map((weight, variation) => ({ variation, weight })) },
});

function flagOf({ key, kind }, tracked) {
  const flag = { key, version: 1, on: true, salt: key, prerequisites: [], targets: [], rules: [], offVariation: 1 };
  if (kind === "on") return { ...flag, variations: [true, false], fallthrough: { variation: 0 } };
  if (kind === "half") return { ...flag, variations: [true, false], fallthrough: rollout(50_000, 50_000) };
  const fallthrough = rollout(50_000, 25_000, 25_000);
  return { ...flag, variations: ["a", "b", "c"], rules, fallthrough, trackEvents: tracked };
}

export const documentOf = (flags, { tracked = false } = {}) =>
  JSON.stringify(flags.map((flag) => flagOf(flag, tracked)));
export const contextOf = ({ id, ...rest }) => ({ kind: "user", key: id, ...rest });
/** Its reads are promises: their cost is part of each. */
export const isAsync = true;

export async function start(text, { tracked = false } = {}) {
  const data = new ld.integrations.TestData();
  for (const flag of JSON.parse(text)) data.usePreconfiguredFlag(flag);
  const client = ld.init("sdk-bench", {
    updateProcessor: data.getFactory(),
    sendEvents: tracked,
    eventsUri: "http://127.0.0.1:9",
    diagnosticOptOut: true,
    capacity: 1_000_000,
    logger: ld.basicLogger({ level: "none" }),
  });
  await client.waitForInitialization({ timeout: 10 });
  return { read: (key, context, fallback) => client.variation(key, context, fallback), stop: () => client.close() };
}
