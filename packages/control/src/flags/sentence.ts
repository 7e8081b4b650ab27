import type { ConfigCondition, ConfigRule, ConfigServe, FlagConfiguration } from "@telltale/ruleset";

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

function describeRule(rule: ConfigRule): string {
  const when = rule.when.map(describeCondition).join(" and ") || "everyone";
  return `${when} → ${describeServe(rule.serve)}`;
}

/** The state in one phrase, as lists show it. */
export function describeConfiguration(config: FlagConfiguration): string {
  if (!config.on) return `off: ${config.off}`;
  const rules = config.rules.length;
  const prefix = rules === 0 ? "" : `${rules} ${rules === 1 ? "rule" : "rules"}, then `;
  return `${prefix}${describeServe(config.serve)}`;
}

/** The change from one configuration to another as a sentence; "Nothing changed." when they are the same. */
export function describeChange(before: FlagConfiguration, after: FlagConfiguration): string {
  const changes = [
    ...(before.on === after.on ? [] : [after.on ? "turned on" : "turned off"]),
    ...(before.off === after.off ? [] : [`off variant ${before.off} → ${after.off}`]),
    ...describePrerequisites(before, after),
    ...describeTargets(before, after),
    ...describeRules(before.rules, after.rules),
    ...describeServeChange("everyone else", before.serve, after.serve),
  ];
  if (changes.length === 0) return "Nothing changed.";
  const sentence = changes.join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function describeServeChange(name: string, before: ConfigServe, after: ConfigServe): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`${name}: ${describeServe(before)} → ${describeServe(after)}`];
}

function describePrerequisites(before: FlagConfiguration, after: FlagConfiguration): string[] {
  const words = ({ prerequisites = [] }: FlagConfiguration) =>
    prerequisites.map(({ flag, variants }) => `${flag} serves ${list(variants)}`).join(" and ") || "none";
  return words(before) === words(after) ? [] : [`prerequisites: ${words(before)} → ${words(after)}`];
}

function describeTargets(before: FlagConfiguration, after: FlagConfiguration): string[] {
  if (JSON.stringify(before.targets) === JSON.stringify(after.targets)) return [];
  const count = (config: FlagConfiguration) => config.targets.reduce((sum, target) => sum + target.ids.length, 0);
  return [`individual targets: ${count(before)} → ${count(after)} ids`];
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
    const same = JSON.stringify(was.rule) === JSON.stringify(rule);
    return same ? [] : [`rule ${index + 1}: ${describeRule(was.rule)}, now ${describeRule(rule)}`];
  });
  const order = (rules: ConfigRule[], others: Set<string>) =>
    rules.map((rule) => rule.id).filter((id) => others.has(id));
  const moved = order(before, kept).join() !== order(after, new Set(old.keys())).join();
  return [...removed, ...changed, ...(moved ? ["rules reordered"] : [])];
}
