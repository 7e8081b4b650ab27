import { GrowthBookClient } from "@growthbook/growthbook";
import { RULES } from "../scenario.mjs";

export const packageName = "@growthbook/growthbook";
const rules = [
  { condition: { country: { $in: RULES.countries } }, force: "b" },
  { condition: { plan: RULES.plan }, force: "c" },
  { condition: { build: { $gte: RULES.build } }, force: "b" },
];

function featureOf({ key, kind }) {
  if (kind === "on") return { defaultValue: true };
  if (kind === "half")
    return { defaultValue: false, rules: [{ force: true, coverage: 0.5, hashAttribute: "id", seed: key }] };
  const split = { key, variations: ["a", "b", "c"], weights: [0.5, 0.25, 0.25], hashAttribute: "id", seed: key };
  return { defaultValue: "a", rules: [...rules, split] };
}

export const documentOf = (flags) =>
  JSON.stringify({ features: Object.fromEntries(flags.map((flag) => [flag.key, featureOf(flag)])) });
export const contextOf = (visitor) => ({ attributes: visitor });

export async function start(text, { tracked = false } = {}) {
  let exposures = 0;
  const client = new GrowthBookClient(tracked ? { trackingCallback: () => exposures++ } : {});
  client.initSync({ payload: JSON.parse(text) });
  return {
    read: (key, context, fallback) => client.getFeatureValue(key, fallback, context),
    keep(context) {
      const scoped = client.createScopedInstance(context);
      return (key, fallback) => scoped.getFeatureValue(key, fallback);
    },
    stop: () => client.destroy(),
  };
}
