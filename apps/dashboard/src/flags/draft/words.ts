import { formatParts } from "@telltale/ui";
import type { Condition, FlagConfiguration, Rule, Serve } from "../../query/outputs.ts";

const VERBS: Record<Condition["op"], string> = {
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

function listWords(values: readonly unknown[]): string {
  const shown = values.slice(0, 3).map(String).join(" or ");
  return values.length > 3 ? `${shown} or ${values.length - 3} more` : shown;
}

/** "country is DE or AT". */
export function conditionWords(condition: Condition): string {
  if ("segments" in condition) return `${VERBS[condition.op]} ${listWords(condition.segments)}`;
  const values = "values" in condition ? ` ${listWords(condition.values)}` : "";
  return `${condition.attribute} ${VERBS[condition.op]}${values}`;
}

/** "on 10 %, off 90 %", or the one variant. */
export function serveWords(serve: Serve): string {
  if ("variant" in serve) return serve.variant;
  const shares = serve.split.weights.map((weight) => `${weight.variant} ${formatParts(weight.parts)}`).join(", ");
  const { share, layer } = serve.split;
  if (layer) return `${shares} of ${formatParts(layer.to - layer.from)} of layer ${layer.key}`;
  return share ? `${shares} of ${formatParts(share.parts)} of them` : shares;
}

/** "country is DE → german". */
export function ruleWords(rule: Rule): string {
  return `${rule.when.map(conditionWords).join(" and ") || "everyone"} → ${serveWords(rule.serve)}`;
}

/** What a configuration serves once it is on: "2 rules, then on 10 %, off 90 %". */
export function rulesWords(config: FlagConfiguration): string {
  const count = config.rules.length;
  const rules = count === 0 ? "" : `${count} ${count === 1 ? "rule" : "rules"}, then `;
  return `${rules}${serveWords(config.serve)}`;
}

/** The state as a sentence: "On in production: 2 rules, then on 10 %, off 90 %." */
export function stateSentence(config: FlagConfiguration, environment: string): string {
  if (!config.on) return `Off in ${environment}: everyone gets ${config.off}.`;
  return `On in ${environment}: ${config.rules.length === 0 ? "everyone gets " : ""}${rulesWords(config)}.`;
}
