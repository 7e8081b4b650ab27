import { isSame, isSameConfiguration } from "../equality.ts";
import type { ConfigCondition, ConfigRule, ConfigServe, FlagConfiguration } from "./configuration.ts";

/** 12.5 → "12.5 %", from parts of 100,000. */
export function percent(parts: number): string {
  return `${Number((parts / 1000).toFixed(3))} %`;
}

/** What is served, in words: "`on`" or "on 10 %, off 90 %". */
export function describeServe(serve: ConfigServe): string {
  if ("variant" in serve) return serve.variant;
  const shares = serve.split.weights.map((weight) => `${weight.variant} ${percent(weight.parts)}`).join(", ");
  const { share, layer } = serve.split;
  if (layer) return `${shares} of ${percent(layer.to - layer.from)} of layer ${layer.key}`;
  return share ? `${shares} of ${percent(share.parts)}` : shares;
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
  if ("segments" in condition) return `${words[condition.op]} ${list(condition.segments)}`;
  const values = "values" in condition ? ` ${list(condition.values)}` : "";
  return `${condition.attribute} ${words[condition.op]}${values}`;
}

function list(values: readonly unknown[]): string {
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

/** The change from one configuration to another as a sentence; "Nothing changed." when they decide the same. */
export function describeChange(before: FlagConfiguration, after: FlagConfiguration): string {
  if (isSameConfiguration(before, after)) return NOTHING_CHANGED;
  const changes = [
    ...(before.on === after.on ? [] : [after.on ? "turned on" : "turned off"]),
    ...(before.off === after.off ? [] : [`off variant ${before.off} → ${after.off}`]),
    ...describePrerequisites(before.prerequisites ?? [], after.prerequisites ?? []),
    ...describeTargets(before, after),
    ...describeRules(before.rules, after.rules),
    ...describeServeChange("everyone else", before.serve, after.serve),
  ];
  const sentence = changes.join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** What every save answers that changes nothing; it writes nothing either. */
export const NOTHING_CHANGED = "Nothing changed.";

/** From one to the other in words. Long lists are cut in words, so that two values can differ which read the same. */
export function describeStep(subject: string, was: string, is: string): string {
  return was === is ? `${subject} ${is}, with other values` : `${subject} ${was} → ${is}`;
}

function describeServeChange(name: string, before: ConfigServe, after: ConfigServe): string[] {
  if (isSame(before, after)) return [];
  return [describeStep(`${name}:`, describeServe(before), describeServe(after))];
}

type Prerequisites = NonNullable<FlagConfiguration["prerequisites"]>;

function describePrerequisites(before: Prerequisites, after: Prerequisites): string[] {
  if (isSame(before, after)) return [];
  const words = (prerequisites: Prerequisites) =>
    prerequisites.map(({ flag, variants }) => `${flag} serves ${list(variants)}`).join(" and ") || "none";
  return [describeStep("prerequisites:", words(before), words(after))];
}

function describeTargets(before: FlagConfiguration, after: FlagConfiguration): string[] {
  const filled = ({ targets }: FlagConfiguration) => targets.filter(({ ids }) => ids.length > 0);
  if (isSame(filled(before), filled(after))) return [];
  const count = (config: FlagConfiguration) => config.targets.reduce((sum, target) => sum + target.ids.length, 0);
  const [was, is] = [count(before), count(after)];
  return [
    was === is ? `individual targets: ${is} ids, not the same as before` : `individual targets: ${was} → ${is} ids`,
  ];
}

function describeRules(before: ConfigRule[], after: ConfigRule[]): string[] {
  const old = new Map(before.map((rule, index) => [rule.id, { rule, index }]));
  const kept = new Set(after.map((rule) => rule.id));
  const removed = before.flatMap((rule, index) =>
    kept.has(rule.id) ? [] : [`rule ${index + 1} removed (${describeRule(rule)})`],
  );
  const changed = after.flatMap((rule, index) => {
    const was = old.get(rule.id);
    if (!was) return [`rule ${index + 1} added: ${describeRule(rule)}`];
    return isSame(was.rule, rule) ? [] : [describeRuleChange(index, was.rule, rule)];
  });
  const order = (rules: ConfigRule[], others: { has(id: string): boolean }) =>
    rules.map((rule) => rule.id).filter((id) => others.has(id));
  const moved = !isSame(order(before, kept), order(after, old));
  return [...removed, ...changed, ...(moved ? ["rules reordered"] : [])];
}

function describeRuleChange(index: number, before: ConfigRule, after: ConfigRule): string {
  const [was, is] = [describeRule(before), describeRule(after)];
  return was === is ? `rule ${index + 1}: ${is}, with other values` : `rule ${index + 1}: ${was}, now ${is}`;
}
