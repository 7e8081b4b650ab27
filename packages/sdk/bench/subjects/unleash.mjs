import { Unleash } from "unleash-client";
import { RULES } from "../scenario.mjs";

export const packageName = "unleash-client";

function featureOf({ key, kind }) {
  const strategy = (rollout, constraints = [], names = []) => ({
    name: "flexibleRollout",
    parameters: { rollout: String(rollout), stickiness: "userId", groupId: key },
    constraints,
    variants: names.map(([name, weight]) => ({ name, weight, stickiness: "userId", weightType: "variable" })),
  });
  const when = (contextName, operator, more) => [
    { contextName, operator, inverted: false, caseInsensitive: false, ...more },
  ];
  const feature = {
    name: key,
    type: "release",
    enabled: true,
    stale: false,
    impressionData: false,
    variants: [],
    version: 1,
  };
  if (kind === "on") return { ...feature, strategies: [strategy(100)] };
  if (kind === "half") return { ...feature, strategies: [strategy(50)] };
  return {
    ...feature,
    strategies: [
      strategy(100, when("country", "IN", { values: RULES.countries }), [["b", 1000]]),
      strategy(100, when("plan", "IN", { values: [RULES.plan] }), [["c", 1000]]),
      strategy(100, when("build", "NUM_GTE", { value: String(RULES.build) }), [["b", 1000]]),
      strategy(
        100,
        [],
        [
          ["a", 500],
          ["b", 250],
          ["c", 250],
        ],
      ),
    ],
  };
}

export const documentOf = (flags) => JSON.stringify(flags.map(featureOf));
export const contextOf = ({ id, ...properties }) => ({ userId: id, properties });

export async function start(text) {
  const client = new Unleash({
    appName: "bench",
    url: "http://127.0.0.1:9/api/",
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    bootstrap: { data: JSON.parse(text) },
    storageProvider: { get: async () => undefined, set: async () => {} },
  });
  // There is no server: its first request fails, and the bootstrap stays.
  client.on("error", () => {});
  client.on("warn", () => {});
  await new Promise((resolve) => client.once("ready", resolve));
  const read = (key, context, fallback) =>
    typeof fallback === "boolean" ? client.isEnabled(key, context, fallback) : client.getVariant(key, context).name;
  return { read, stop: () => client.destroy() };
}
