import { FlagdCore } from "@openfeature/flagd-core";
import { RULES } from "../scenario.mjs";

export const packageName = "@openfeature/flagd-core";
const unit = { cat: [{ var: "$flagd.flagKey" }, { var: "targetingKey" }] };

function flagOf({ kind }) {
  const boolean = { state: "ENABLED", variants: { on: true, off: false } };
  if (kind === "on") return { ...boolean, defaultVariant: "on" };
  if (kind === "half") {
    return { ...boolean, defaultVariant: "off", targeting: { fractional: [unit, ["on", 50], ["off", 50]] } };
  }
  const targeting = {
    if: [
      { in: [{ var: "country" }, RULES.countries] },
      "b",
      { "==": [{ var: "plan" }, RULES.plan] },
      "c",
      { ">=": [{ var: "build" }, RULES.build] },
      "b",
      { fractional: [unit, ["a", 50], ["b", 25], ["c", 25]] },
    ],
  };
  return { state: "ENABLED", variants: { a: "a", b: "b", c: "c" }, defaultVariant: "a", targeting };
}

export const documentOf = (flags) =>
  JSON.stringify({ flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag)])) });
export const contextOf = ({ id, ...rest }) => ({ targetingKey: id, ...rest });

export async function start(text) {
  const core = new FlagdCore();
  core.setConfigurations(text);
  const read = (key, context, fallback) =>
    typeof fallback === "boolean"
      ? core.resolveBooleanEvaluation(key, fallback, context).value
      : core.resolveStringEvaluation(key, fallback, context).value;
  return { read };
}
