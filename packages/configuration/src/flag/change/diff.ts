import { isSame, isSameFilled } from "../../equality.ts";
import type { ConfigRule, ConfigServe, FlagConfiguration } from "../configuration.ts";
import type { FlagInstruction } from "./instruction.ts";
import { longestAscent } from "./order.ts";
import { groupByVariant, variantsById } from "./targets.ts";

/**
 * The instructions that make one configuration of another: `applyToFlag(before, diffFlag(before, after))` decides as
 * `after` does. Empty exactly when the two are the same. The ids of rules must be unique in each.
 */
export function diffFlag(before: FlagConfiguration, after: FlagConfiguration): FlagInstruction[] {
  const { on, off } = after;
  const prerequisites = after.prerequisites ?? [];
  return [
    ...(before.on === on ? [] : [on ? { kind: "turnOn" as const } : { kind: "turnOff" as const }]),
    ...(before.off === off ? [] : [{ kind: "setOffVariant" as const, variant: off }]),
    ...(isSameFilled(before.prerequisites ?? [], prerequisites)
      ? []
      : [{ kind: "setPrerequisites" as const, prerequisites }]),
    ...diffTargets(before.targets, after.targets),
    ...diffRules(before.rules, after.rules),
    ...diffServe(null, before.serve, after.serve),
  ];
}

/** Whether two configurations of a flag decide the same: an empty list says as much as an absent one, and so on. */
export function isSameConfiguration(before: FlagConfiguration, after: FlagConfiguration): boolean {
  return isSame(before, after) || diffFlag(before, after).length === 0;
}

function diffTargets(before: FlagConfiguration["targets"], after: FlagConfiguration["targets"]): FlagInstruction[] {
  if (isSameFilled(before, after)) return [];
  const [was, is] = [variantsById(before), variantsById(after)];
  const removed = groupByVariant([...was].filter(([id]) => !is.has(id)));
  const added = groupByVariant([...is].filter(([id, variant]) => was.get(id) !== variant));
  return [
    ...[...removed].map(([variant, ids]) => ({ kind: "removeTargets" as const, variant, ids })),
    ...[...added].map(([variant, ids]) => ({ kind: "addTargets" as const, variant, ids })),
  ];
}

function diffRules(before: readonly ConfigRule[], after: readonly ConfigRule[]): FlagInstruction[] {
  const was = new Map(before.map((rule, at) => [rule.id, { rule, at }]));
  const kept = new Set(after.map(({ id }) => id));
  const removed = before.filter(({ id }) => !kept.has(id));
  const edited = after.flatMap((rule) => {
    const old = was.get(rule.id);
    return old ? diffRule(old.rule, rule) : [];
  });
  return [
    ...removed.map(({ id }) => ({ kind: "removeRule" as const, rule: id })),
    ...edited,
    ...placeChanged(after, new Map([...was].map(([id, { at }]) => [id, at]))),
  ];
}

/**
 * From the last to the first: each rule that is new or moves is placed in front of the one that follows it. As few move as
 * can.
 */
function placeChanged(after: readonly ConfigRule[], was: ReadonlyMap<string, number>): FlagInstruction[] {
  const old = after.filter(({ id }) => was.has(id));
  const ascent = longestAscent(old.map(({ id }) => was.get(id) ?? 0));
  const stay = new Set(old.filter((_, at) => ascent.has(at)).map(({ id }) => id));
  const placed = after.flatMap((rule, at): FlagInstruction[] => {
    if (stay.has(rule.id)) return [];
    const before = after[at + 1]?.id ?? null;
    return [was.has(rule.id) ? { kind: "moveRule", rule: rule.id, before } : { kind: "addRule", rule, before }];
  });
  return placed.reverse();
}

function diffRule(before: ConfigRule, { id: rule, name, when, serve }: ConfigRule): FlagInstruction[] {
  return [
    ...(before.name === name ? [] : [{ kind: "renameRule" as const, rule, name: name ?? null }]),
    ...(isSameFilled(before.when, when) ? [] : [{ kind: "setConditions" as const, rule, when }]),
    ...diffServe(rule, before.serve, serve),
  ];
}

function diffServe(rule: string | null, before: ConfigServe, after: ConfigServe): FlagInstruction[] {
  if (isSameFilled(before, after)) return [];
  if ("split" in before && "split" in after) {
    const { weights } = after.split;
    if (isSameFilled({ ...before.split, weights }, after.split)) return [{ kind: "setRollout", rule, weights }];
  }
  return [{ kind: "setServe", rule, serve: after }];
}
