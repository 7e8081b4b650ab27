import { isSame } from "@telltale/configuration";
import { type Change, WHOLE } from "@telltale/ui";
import type { FlagConfiguration, Rule, Serve } from "../../query/outputs.ts";
import { ruleWords, serveWords } from "./words.ts";

/** What differs between two configurations, for people. Values are compared, never their words: those are cut. */
export function listChanges(before: FlagConfiguration, after: FlagConfiguration): Change[] {
  return [
    ...step("Switch", before.on, after.on, (on) => (on ? "on" : "off")),
    ...step("While off", before.off, after.off, String),
    ...step("Prerequisites", before.prerequisites ?? [], after.prerequisites ?? [], prerequisiteWords),
    ...step("Individual targets", filledTargets(before), filledTargets(after), targetWords),
    ...ruleChanges(before.rules, after.rules),
    ...serveChanges(before.serve, after.serve),
  ];
}

function step<T>(subject: string, before: T, after: T, words: (value: T) => string): Change[] {
  return isSame(before, after) ? [] : [changed(subject, words(before), words(after))];
}

function changed(subject: string, was: string, is: string): Change {
  return { kind: "changed", subject, before: was, after: was === is ? `${is}, with other values` : is };
}

function prerequisiteWords(prerequisites: NonNullable<FlagConfiguration["prerequisites"]>): string {
  return prerequisites.map(({ flag, variants }) => `${flag} serves ${variants.join(" or ")}`).join(", ") || "none";
}

type Targets = FlagConfiguration["targets"];

/** A list without ids targets nobody. */
function filledTargets({ targets }: FlagConfiguration): Targets {
  return targets.filter(({ ids }) => ids.length > 0);
}

function targetWords(targets: Targets): string {
  const ids = (count: number) => `${count} ${count === 1 ? "id" : "ids"}`;
  return (
    targets.map((target) => `${target.variant}: ${ids(target.ids.length)} (${target.ids.at(-1)} …)`).join(", ") ||
    "none"
  );
}

function serveChanges(before: Serve, after: Serve): Change[] {
  if (isSame(before, after)) return [];
  const { before: was, after: is } = serveChange(before, after);
  return [changed("Everyone else", was, is)];
}

function serveChange(before: Serve, after: Serve): { before: string; after: string } {
  const by = (serve: Serve) => ("split" in serve ? `, by ${serve.split.by}` : "");
  const showBy = by(before) !== by(after);
  return {
    before: serveWords(before) + (showBy ? by(before) : ""),
    after: serveWords(after) + (showBy ? by(after) : ""),
  };
}

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): Change[] {
  const was = new Map(before.map((rule) => [rule.id, rule]));
  const kept = new Set(after.map((rule) => rule.id));
  const changes: Change[] = before.flatMap((rule, at) =>
    kept.has(rule.id) ? [] : [{ kind: "removed", subject: `Rule ${at + 1}`, before: ruleWords(rule) }],
  );
  for (const [at, rule] of after.entries()) {
    const old = was.get(rule.id);
    const subject = `Rule ${at + 1}`;
    if (!old) changes.push({ kind: "added", subject, after: ruleWords(rule) });
    else changes.push(...step(subject, old, rule, ruleWords));
  }
  const order = (rules: readonly Rule[]) => rules.map((rule) => rule.id).filter((id) => was.has(id) && kept.has(id));
  if (!isSame(order(before), order(after))) changes.push({ kind: "moved", subject: "Rules, their order" });
  return changes;
}

/** Parts of 100,000 of everyone else that will get something else than now; 0 when that cannot be said. */
export function movedParts(before: FlagConfiguration, after: FlagConfiguration): number {
  const now = shareOf(before.serve);
  const then = shareOf(after.serve);
  const variants = new Set([...now.keys(), ...then.keys()]);
  let moved = 0;
  for (const variant of variants) moved += Math.abs((then.get(variant) ?? 0) - (now.get(variant) ?? 0));
  return moved / 2;
}

function shareOf(serve: Serve): Map<string, number> {
  if ("variant" in serve) return new Map([[serve.variant, WHOLE]]);
  return new Map(serve.split.weights.map((weight) => [weight.variant, weight.parts]));
}
