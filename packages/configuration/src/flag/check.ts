import type { ConfigServe, FlagConfiguration, Visibility } from "./configuration.ts";

/** What a configuration may refer to. */
export interface References {
  variants: ReadonlySet<string>;
  segments: ReadonlySet<string>;
  /** Experiments of this flag in this environment that are running. */
  experiments: ReadonlySet<string>;
  /** The other flags that are not archived, with what they are served here. */
  flags: ReadonlyMap<string, OtherFlag>;
}

export interface OtherFlag {
  variants: ReadonlySet<string>;
  visibility: Visibility;
  prerequisites: readonly string[];
}

/** What is wrong with a configuration, a sentence each; empty when it can be published. */
export function checkConfiguration(flag: string, config: FlagConfiguration, known: References): string[] {
  const problems: string[] = checkPrerequisites(flag, config, known);
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

function checkPrerequisites(flag: string, { prerequisites = [] }: FlagConfiguration, known: References): string[] {
  const problems: string[] = [];
  const self = known.flags.get(flag);
  for (const { flag: key, variants } of prerequisites) {
    const other = known.flags.get(key);
    if (!other) {
      problems.push(`Prerequisite "${key}" does not exist or is archived.`);
      continue;
    }
    for (const variant of variants) {
      if (!other.variants.has(variant)) problems.push(`Prerequisite "${key}" has no variant "${variant}".`);
    }
    if (self?.visibility === "client" && other.visibility !== "client") {
      problems.push(invisiblePrerequisite(flag, key));
    }
    const circle = pathTo(flag, key, known.flags, [flag]);
    if (circle) problems.push(`Prerequisites in a circle: ${circle.join(" → ")}. Take one of them away.`);
  }
  return problems;
}

/** The way from one flag to another along prerequisites, if there is one. */
function pathTo(
  to: string,
  from: string,
  flags: References["flags"],
  path: readonly string[],
  seen = new Set<string>(),
): readonly string[] | undefined {
  const longer = [...path, from];
  if (from === to) return longer;
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const next of flags.get(from)?.prerequisites ?? []) {
    const found = pathTo(to, next, flags, longer, seen);
    if (found) return found;
  }
  return undefined;
}

/** Why a flag that clients decide by themselves cannot have this prerequisite, and what to do. */
export function invisiblePrerequisite(flag: string, prerequisite: string): string {
  return `Browsers decide "${flag}" but do not see its prerequisite "${prerequisite}", so it would be off for them. Make "${prerequisite}" visible to clients too, or let the edge evaluate "${flag}".`;
}
