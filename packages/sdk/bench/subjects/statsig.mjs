import statsig from "statsig-node";
import { RULES } from "../scenario.mjs";

export const packageName = "statsig-node";
const condition = (type, operator, targetValue, more = {}) => ({
  type,
  targetValue,
  operator,
  field: null,
  additionalValues: {},
  isDeviceBased: false,
  idType: "userID",
  ...more,
});
const rule = (id, conditions, returnValue, passPercentage = 100) => ({
  name: id,
  id,
  salt: id,
  passPercentage,
  conditions,
  returnValue,
  idType: "userID",
});
const everyone = condition("public", null, null);
const field = (name, operator, value) => condition("user_field", operator, value, { field: name });
const bucket = (key, below) => condition("user_bucket", "lt", below, { additionalValues: { salt: key } });

function specOf({ key, kind }) {
  const spec = {
    name: key,
    salt: key,
    enabled: true,
    idType: "userID",
    entity: kind === "rules" ? "dynamic_config" : "feature_gate",
  };
  if (kind === "on")
    return { ...spec, type: "feature_gate", defaultValue: false, rules: [rule("all", [everyone], true)] };
  if (kind === "half") {
    return { ...spec, type: "feature_gate", defaultValue: false, rules: [rule("half", [everyone], true, 50)] };
  }
  const rules = [
    rule("r1", [field("country", "any", RULES.countries)], { value: "b" }),
    rule("r2", [field("plan", "any", [RULES.plan])], { value: "c" }),
    rule("r3", [field("build", "gte", RULES.build)], { value: "b" }),
    rule("a", [bucket(key, 500)], { value: "a" }),
    rule("b", [bucket(key, 750)], { value: "b" }),
    rule("c", [everyone], { value: "c" }),
  ];
  return { ...spec, type: "dynamic_config", defaultValue: { value: "x" }, rules };
}

export const documentOf = (flags) => {
  const specs = flags.map(specOf);
  return JSON.stringify({
    has_updates: true,
    time: 1,
    feature_gates: specs.filter(({ type }) => type === "feature_gate"),
    dynamic_configs: specs.filter(({ type }) => type === "dynamic_config"),
    layer_configs: [],
    id_lists: {},
    layers: {},
  });
};
export const contextOf = ({ id, ...custom }) => ({ userID: id, custom });

export async function start(text) {
  await statsig.initialize("secret-bench", {
    bootstrapValues: text,
    localMode: true,
    disableDiagnostics: true,
    disableRulesetsSync: true,
    disableIdListsSync: true,
    initStrategyForIP3Country: "none",
    initStrategyForUAParser: "none",
  });
  const read = (key, context, fallback) =>
    typeof fallback === "boolean"
      ? statsig.checkGateWithExposureLoggingDisabledSync(context, key)
      : statsig.getConfigWithExposureLoggingDisabledSync(context, key).get("value", fallback);
  return { read, stop: () => statsig.shutdown() };
}
