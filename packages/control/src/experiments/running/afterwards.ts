import { type ConfigRule, describeRule, describeServe, type FlagConfiguration } from "@telltale/configuration";

/** A flag's configuration as it is once the experiment has stopped. */
export function withoutExperiment(config: FlagConfiguration, experiment: string): FlagConfiguration {
  return { ...config, rules: config.rules.filter((rule) => !isRuleOf(rule, experiment)) };
}

/**
 * What people who are in an experiment get once it has stopped, in words: "on", "on 10 %, off 90 %". They fall through
 * to the rules below the experiment's one, and to what everyone else gets.
 */
export function describeAfterStop(config: FlagConfiguration, experiment: string): string {
  if (!config.on) return `${config.off}, as the flag is off`;
  const at = config.rules.findIndex((rule) => isRuleOf(rule, experiment));
  const below = config.rules.slice(at + 1);
  const last = below.find((rule) => rule.when.length === 0);
  const conditional = below.slice(0, last ? below.indexOf(last) : below.length).map(describeRule);
  const serves = describeServe(last?.serve ?? config.serve);
  return conditional.length === 0 ? serves : `${serves}, but where ${conditional.join("; ")}`;
}

function isRuleOf({ serve }: ConfigRule, experiment: string): boolean {
  return "split" in serve && serve.split.experiment === experiment;
}
