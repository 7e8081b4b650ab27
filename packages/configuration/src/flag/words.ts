import type { ConfigCondition, ConfigRule, ConfigServe, FlagConfiguration } from "./configuration.ts";

/** 12.5 → "12.5 %", from parts of 100,000. */
export function describeParts(parts: number): string {
  return `${Number((parts / 1000).toFixed(3))} %`;
}

/** What is served, in words: "`on`" or "on 10 %, off 90 %". */
export function describeServe(serve: ConfigServe): string {
  if ("variant" in serve) return serve.variant;
  const shares = serve.split.weights.map((weight) => `${weight.variant} ${describeParts(weight.parts)}`).join(", ");
  const { share, layer } = serve.split;
  if (layer) return `${shares} of ${describeParts(layer.to - layer.from)} of layer ${layer.key}`;
  return share ? `${shares} of ${describeParts(share.parts)}` : shares;
}

const words: Record<ConfigCondition["op"], string> = {
  in: "is",
  notIn: "is not",
  contains: "contains",
  notContains: "does not contain",
  startsWith: "starts with",
  endsWith: "ends with",
  lt: "<",
  lte: "≤",
  gt: ">",
  gte: "≥",
  matches: "matches",
  notMatches: "does not match",
  semverEq: "is version",
  semverLt: "is a version before",
  semverLte: "is at most version",
  semverGt: "is a version after",
  semverGte: "is at least version",
  before: "is before",
  after: "is after",
  inCidr: "is in",
  notInCidr: "is not in",
  exists: "is present",
  notExists: "is missing",
  inSegment: "in segment",
  notInSegment: "not in segment",
};

/** A condition in words: "country is DE or AT". */
export function describeCondition(condition: ConfigCondition): string {
  if ("segments" in condition) return `${words[condition.op]} ${describeList(condition.segments)}`;
  const values = "values" in condition ? ` ${describeList(condition.values)}` : "";
  return `${condition.attribute} ${words[condition.op]}${values}`;
}

/** "DE or AT or 3 more". */
export function describeList(values: readonly unknown[]): string {
  const shown = values.slice(0, 3).map(String).join(" or ");
  return values.length > 3 ? `${shown} or ${values.length - 3} more` : shown;
}

/** A rule in words: "country is DE → on". */
export function describeRule(rule: ConfigRule): string {
  const when = rule.when.map(describeCondition).join(" and ") || "everyone";
  return `${when} → ${describeServe(rule.serve)}`;
}

/** What is served while the flag is on, in one phrase: "2 rules, then on 10 %, off 90 %". */
export function describeWhenOn(config: FlagConfiguration): string {
  const rules = config.rules.length;
  const prefix = rules === 0 ? "" : `${rules} ${rules === 1 ? "rule" : "rules"}, then `;
  return `${prefix}${describeServe(config.serve)}`;
}
