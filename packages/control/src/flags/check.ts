import type { ConfigServe, FlagConfiguration } from "@telltale/ruleset";

/** What a configuration may refer to. */
export interface References {
  variants: ReadonlySet<string>;
  segments: ReadonlySet<string>;
  /** Experiments of this flag in this environment that are running. */
  experiments: ReadonlySet<string>;
}

/** What is wrong with a configuration, a sentence each; empty when it can be published. */
export function checkConfiguration(config: FlagConfiguration, known: References): string[] {
  const problems: string[] = [];
  if (!known.variants.has(config.off)) problems.push(`The off variant "${config.off}" does not exist.`);
  for (const target of config.targets) {
    if (!known.variants.has(target.variant)) problems.push(`Targeted variant "${target.variant}" does not exist.`);
  }
  const ids = new Set<string>();
  for (const [index, rule] of config.rules.entries()) {
    const name = `Rule ${index + 1}`;
    if (ids.has(rule.id)) problems.push(`${name} has the same id as another rule.`);
    ids.add(rule.id);
    for (const condition of rule.when) {
      if (!("segments" in condition)) continue;
      for (const segment of condition.segments) {
        if (!known.segments.has(segment)) problems.push(`${name} asks for segment "${segment}", which does not exist.`);
      }
    }
    problems.push(...checkServe(rule.serve, name, known));
  }
  problems.push(...checkServe(config.serve, "Everyone else", known));
  return problems;
}

function checkServe(serve: ConfigServe, name: string, known: References): string[] {
  if ("variant" in serve) {
    return known.variants.has(serve.variant) ? [] : [`${name} serves "${serve.variant}", which is not a variant.`];
  }
  const { weights, experiment } = serve.split;
  const problems = weights
    .filter((weight) => !known.variants.has(weight.variant))
    .map((weight) => `${name} serves "${weight.variant}", which is not a variant.`);
  if (new Set(weights.map((weight) => weight.variant)).size < weights.length) {
    problems.push(`${name} names a variant twice.`);
  }
  const sum = weights.reduce((total, weight) => total + weight.parts, 0);
  if (sum !== 100_000) problems.push(`${name}: the shares add up to ${sum / 1000} %, they must make 100 %.`);
  if (experiment && !known.experiments.has(experiment)) {
    problems.push(`${name} belongs to experiment "${experiment}", which is not running on this flag here.`);
  }
  return problems;
}
