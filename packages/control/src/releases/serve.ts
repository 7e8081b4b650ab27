import { applyToFlag, type ConfigServe, type FlagConfiguration, readConfiguration } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";
import { type ReleasePlan, type ReleaseState, type RuleBaseline, ruleBaselineOf, serveOf } from "@telltale/release";
import type { Nature, ProjectChange } from "../door/change.ts";
import { ControlError, invalid } from "../door/error.ts";
import { revise } from "../flags/revise.ts";
import type { StoredRelease } from "./store.ts";

/** What a flag is served in the environment of a release now. */
export async function readServed(
  tx: Transaction,
  { flagId, environmentId }: Pick<StoredRelease, "flagId" | "environmentId">,
): Promise<FlagConfiguration> {
  const where = { flagId_environmentId: { flagId, environmentId } };
  return readConfiguration((await tx.flagConfig.findUniqueOrThrow({ where })).config);
}

/** What a rule serves; undefined where there is no such rule (any more). */
export function serveIn({ rules, serve }: FlagConfiguration, rule: string | null): ConfigServe | undefined {
  return rule === null ? serve : rules.find(({ id }) => id === rule)?.serve;
}

/** What the release starts from: the rule as it is served now. @throws ControlError INVALID where there is no such rule */
export function findBaseline(config: FlagConfiguration, plan: ReleasePlan, flag: string): RuleBaseline {
  const serve = serveIn(config, plan.rule);
  if (serve) return ruleBaselineOf(plan, serve, flag);
  throw new ControlError(
    "INVALID",
    `"${flag}" has no rule "${plan.rule}" here. Choose another rule, or everyone else.`,
  );
}

/** The configuration with the released rule serving what the state says; the same where the rule is gone. */
export function composeConfiguration(
  config: FlagConfiguration,
  { plan, state, baseline }: { plan: ReleasePlan; state: ReleaseState; baseline: RuleBaseline },
): FlagConfiguration {
  if (!serveIn(config, plan.rule)) return config;
  const serve = serveOf(plan, state, baseline);
  return applyToFlag(config, [{ kind: "setServe", rule: plan.rule, serve }]).configuration;
}

/**
 * Serves what a state of the release says, on top of whatever else was edited meanwhile.
 * @returns the flag's revision
 * @throws ControlError
 */
export async function serveState(
  change: ProjectChange,
  release: StoredRelease & { baseline: RuleBaseline },
  state: ReleaseState,
  { nature, comment }: { nature: Nature; comment: string },
): Promise<number> {
  const { plan, baseline } = release;
  const { output } = await revise(change, {
    flag: release.flag.key,
    environment: release.environment.key,
    comment,
    action: "release",
    nature,
    isOfRelease: true,
    next: (config) => composeConfiguration(config, { plan, state, baseline }),
  });
  return output.revision;
}

/** Nothing is released by a flag that is off: the holds would pass unserved. @throws ControlError INVALID */
export async function requireOn({ tx }: Pick<ProjectChange, "tx">, release: StoredRelease): Promise<void> {
  if ((await readServed(tx, release)).on) return;
  const where = release.environment.name;
  throw invalid([`"${release.flag.key}" is off in ${where}, so nobody would be served the variant. Turn it on first.`]);
}
