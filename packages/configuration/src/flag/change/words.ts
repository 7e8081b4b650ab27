import { type ConfigurationChange, changedFrom, describeChanges, describeIds } from "../../changes.ts";
import type { ConfigPrerequisite, ConfigRule, ConfigServe, FlagConfiguration } from "../configuration.ts";
import { describeList, describeRule, describeServe } from "../words.ts";
import { diffFlag } from "./diff.ts";
import type { FlagInstruction } from "./instruction.ts";

/**
 * What differs between two configurations of a flag, a line each: the one wording of a change, wherever it is told. Rules
 * have the numbers that they have afterwards, removed ones those from before.
 */
export function listFlagChanges(before: FlagConfiguration, after: FlagConfiguration): ConfigurationChange[] {
  const instructions = diffFlag(before, after);
  const has = (kind: FlagInstruction["kind"]) => instructions.some((instruction) => instruction.kind === kind);
  const isServed = instructions.some((instruction) => "rule" in instruction && instruction.rule === null);
  return [
    ...(before.on === after.on ? [] : [changedFrom("Switch", switchWord(before), switchWord(after))]),
    ...(before.off === after.off ? [] : [changedFrom("Off variant", before.off, after.off)]),
    ...(has("setPrerequisites")
      ? [changedFrom("Prerequisites", asked(before.prerequisites), asked(after.prerequisites))]
      : []),
    ...instructions.flatMap(targetChange),
    ...removedRules(before.rules, instructions),
    ...after.rules.flatMap((rule, at) => ruleChanges(rule, at, before.rules, instructions)),
    ...(isServed ? [serveChange(before.serve, after.serve)] : []),
  ];
}

/** The change from one configuration to another as a sentence; `NOTHING_CHANGED` when they decide the same. */
export function describeFlagChange(before: FlagConfiguration, after: FlagConfiguration): string {
  return describeChanges(listFlagChanges(before, after));
}

function switchWord({ on }: FlagConfiguration): string {
  return on ? "on" : "off";
}

function asked(prerequisites: readonly ConfigPrerequisite[] = []): string {
  const words = prerequisites.map(({ flag, variants }) => `${flag} serves ${describeList(variants)}`);
  return words.join(" and ") || "none";
}

function targetChange(instruction: FlagInstruction): ConfigurationChange[] {
  if (instruction.kind !== "addTargets" && instruction.kind !== "removeTargets") return [];
  const subject = `Individual targets of ${instruction.variant}`;
  const ids = describeIds(instruction.ids);
  return [
    instruction.kind === "addTargets"
      ? { kind: "added", subject, after: ids }
      : { kind: "removed", subject, before: ids },
  ];
}

function removedRules(before: readonly ConfigRule[], instructions: readonly FlagInstruction[]): ConfigurationChange[] {
  const removed = new Set(instructions.flatMap((one) => (one.kind === "removeRule" ? [one.rule] : [])));
  return before.flatMap((rule, at) =>
    removed.has(rule.id) ? [{ kind: "removed", subject: `Rule ${at + 1}`, before: describeRule(rule) }] : [],
  );
}

function ruleChanges(
  rule: ConfigRule,
  at: number,
  before: readonly ConfigRule[],
  instructions: readonly FlagInstruction[],
): ConfigurationChange[] {
  const subject = `Rule ${at + 1}`;
  const from = before.findIndex(({ id }) => id === rule.id);
  const old = before[from];
  if (!old) return [{ kind: "added", subject, after: describeRule(rule) }];
  const own = instructions.filter((one) => "rule" in one && one.rule === rule.id).map(({ kind }) => kind);
  const name = ({ name: words }: ConfigRule) => (words === undefined ? "none" : `"${words}"`);
  return [
    ...(own.includes("moveRule")
      ? [{ kind: "moved" as const, subject: `Rule ${from + 1}`, before: `place ${from + 1}`, after: `place ${at + 1}` }]
      : []),
    ...(own.includes("renameRule") ? [changedFrom(`${subject}, its name`, name(old), name(rule))] : []),
    ...(own.some((kind) => kind === "setConditions" || kind === "setServe" || kind === "setRollout")
      ? [changedFrom(subject, describeRule(old), describeRule(rule))]
      : []),
  ];
}

/** The attribute that splits is named where it differs. */
function serveChange(before: ConfigServe, after: ConfigServe): ConfigurationChange {
  const by = (serve: ConfigServe) => ("split" in serve ? `, by ${serve.split.by}` : "");
  const isTold = by(before) !== by(after);
  const words = (serve: ConfigServe) => describeServe(serve) + (isTold ? by(serve) : "");
  return changedFrom("Everyone else", words(before), words(after));
}

const WHOLE = 100_000;

/** Parts of 100,000 of everyone else that will get something else than before. */
export function movedParts(before: FlagConfiguration, after: FlagConfiguration): number {
  const [was, is] = [sharesOf(before.serve), sharesOf(after.serve)];
  const variants = new Set([...was.keys(), ...is.keys()]);
  let moved = 0;
  for (const variant of variants) moved += Math.abs((is.get(variant) ?? 0) - (was.get(variant) ?? 0));
  return moved / 2;
}

function sharesOf(serve: ConfigServe): Map<string, number> {
  if ("variant" in serve) return new Map([[serve.variant, WHOLE]]);
  return new Map(serve.split.weights.map((weight) => [weight.variant, weight.parts]));
}
