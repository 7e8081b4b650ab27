import { type Change, WHOLE } from "@telltale/ui";
import type { FlagConfiguration, Rule, Serve } from "../../query/outputs.ts";
import { ruleWords, serveWords } from "./words.ts";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What differs between two configurations, for people. */
export function listChanges(before: FlagConfiguration, after: FlagConfiguration): Change[] {
  const changes: Change[] = [];
  const add = (subject: string, was: string, is: string) =>
    was === is ? undefined : changes.push({ kind: "changed", subject, before: was, after: is });
  add("Switch", before.on ? "on" : "off", after.on ? "on" : "off");
  add("While off", before.off, after.off);
  add("Prerequisites", prerequisiteWords(before), prerequisiteWords(after));
  add("Individual targets", targetWords(before), targetWords(after));
  changes.push(...ruleChanges(before.rules, after.rules));
  if (!same(before.serve, after.serve)) {
    changes.push({ kind: "changed", subject: "Everyone else", ...serveChange(before.serve, after.serve) });
  }
  return changes;
}

function prerequisiteWords({ prerequisites = [] }: FlagConfiguration): string {
  return prerequisites.map(({ flag, variants }) => `${flag} serves ${variants.join(" or ")}`).join(", ") || "none";
}

function targetWords(config: FlagConfiguration): string {
  const lists = config.targets.filter((target) => target.ids.length > 0);
  const ids = (count: number) => `${count} ${count === 1 ? "id" : "ids"}`;
  return (
    lists.map((target) => `${target.variant}: ${ids(target.ids.length)} (${target.ids.at(-1)} …)`).join(", ") || "none"
  );
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
    else if (!same(old, rule))
      changes.push({ kind: "changed", subject, before: ruleWords(old), after: ruleWords(rule) });
  }
  const order = (rules: readonly Rule[]) => rules.map((rule) => rule.id).filter((id) => was.has(id) && kept.has(id));
  if (!same(order(before), order(after))) changes.push({ kind: "moved", subject: "Rules, their order" });
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
