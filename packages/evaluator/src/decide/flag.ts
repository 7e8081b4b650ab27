import { type Evaluation, type Outcome, outcomeOf, type Reason } from "../evaluation.ts";
import type { Condition, Flag, Holdout, JsonValue, Prerequisite, Rule } from "../ruleset.ts";
import { isListed, meetsAll, type PreparedCondition, type PreparedIds, prepareIds } from "./conditions.ts";
import { draw, type PreparedServe, prepareServe } from "./serve.ts";
import type { Subject } from "./subject.ts";

/** What a flag may refer to. */
export interface Surroundings {
  readonly version: number;
  readonly holdouts: Readonly<Record<string, Holdout>> | undefined;
  conditionsOf(when: readonly Condition[]): PreparedCondition | undefined;
  flagOf(key: string): Flag | undefined;
  /** Prepared, if there is such a flag. */
  preparedOf(key: string): PreparedFlag | undefined;
}

/** A flag, ready to be decided. */
export interface PreparedFlag {
  /** `typeof` its values. */
  readonly kind: string;
  readonly isArchived: boolean;
  /** Answer while off or while a prerequisite is not met. */
  readonly disabled: Outcome;
  /** Answer for units outside the default serve's split. */
  readonly outside: Outcome;
  readonly prerequisites: readonly PreparedPrerequisite[] | undefined;
  readonly targets: readonly PreparedTarget[] | undefined;
  /** The first of a chain. */
  readonly rule: PreparedRule | undefined;
  readonly serve: PreparedServe;
}

interface PreparedPrerequisite {
  /** Undefined: it can never be met. */
  readonly flag: PreparedFlag | undefined;
  readonly variants: readonly string[];
}

interface PreparedTarget extends PreparedIds {
  readonly outcome: Outcome;
}

interface PreparedRule {
  readonly when: PreparedCondition | undefined;
  readonly serve: PreparedServe;
  readonly next: PreparedRule | undefined;
}

/** The flag has been checked. */
export function prepareFlag(key: string, flag: Flag, around: Surroundings): PreparedFlag {
  const { on, off, prerequisites = [], targets = [], rules } = flag;
  const answer = (variant: string, reason: Reason, more?: Pick<Evaluation, "rule" | "exposure">): Outcome =>
    outcomeOf(key, around.version, reason, frozen(flag.variants[variant] as JsonValue), { variant, ...more });
  const disabled = answer(off, "DISABLED");
  const plain = rules.length + targets.length + prerequisites.length ? "DEFAULT" : "STATIC";
  return {
    kind: flag.type === "json" ? "object" : flag.type,
    isArchived: !!flag.archived,
    disabled,
    outside: answer(off, "DEFAULT"),
    prerequisites:
      on && prerequisites.length ? prerequisites.map((one) => preparePrerequisite(key, one, around)) : undefined,
    targets:
      on && targets.length
        ? targets.map(({ ids, variant }) => ({ ...prepareIds(ids), outcome: answer(variant, "TARGETING_MATCH") }))
        : undefined,
    rule: on ? prepareRules(rules, answer, around) : undefined,
    serve: prepareServe(on ? flag.serve : { variant: off }, around.holdouts, (variant, isSplit, exposure) =>
      on ? answer(variant, isSplit ? "SPLIT" : plain, { exposure }) : disabled,
    ),
  };
}

function prepareRules(
  rules: readonly Rule[],
  answer: (variant: string, reason: Reason, more: Pick<Evaluation, "rule" | "exposure">) => Outcome,
  around: Surroundings,
): PreparedRule | undefined {
  let next: PreparedRule | undefined;
  for (const { id, when, serve } of [...rules].reverse()) {
    next = {
      when: around.conditionsOf(when),
      serve: prepareServe(serve, around.holdouts, (variant, isSplit, exposure) =>
        answer(variant, isSplit ? "SPLIT" : "TARGETING_MATCH", { rule: id, exposure }),
      ),
      next,
    };
  }
  return next;
}

/** One that is missing, archived, or leads back to its own flag can never be met. */
function preparePrerequisite(
  key: string,
  { flag, variants }: Prerequisite,
  around: Surroundings,
): PreparedPrerequisite {
  const other = leadsTo(flag, key, around, new Set()) ? undefined : around.preparedOf(flag);
  return { flag: other?.isArchived ? undefined : other, variants };
}

function leadsTo(from: string, to: string, around: Surroundings, seen: Set<string>): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (around.flagOf(from)?.prerequisites ?? []).some(({ flag }) => leadsTo(flag, to, around, seen));
}

/** The flag's answer for a subject, or the name of the attribute that its default split needs and the context lacks. */
export function decideFlag(flag: PreparedFlag, subject: Subject): Outcome | string {
  const { prerequisites, targets } = flag;
  if (prerequisites) for (const one of prerequisites) if (!isMet(one, subject)) return flag.disabled;
  if (targets) for (const target of targets) if (isListed(target, subject)) return target.outcome;
  let { rule } = flag;
  for (; rule; rule = rule.next) {
    const outcome = meetsAll(rule.when, subject) && draw(rule.serve, subject);
    if (typeof outcome === "object") return outcome;
  }
  return draw(flag.serve, subject) ?? flag.outside;
}

/** A flag that cannot be decided meets nothing. */
function isMet({ flag, variants }: PreparedPrerequisite, subject: Subject): boolean {
  const outcome = flag && decideFlag(flag, subject);
  return typeof outcome === "object" && variants.includes(outcome.evaluation.variant as string);
}

/** JSON values are shared by everyone who evaluates, so nobody may change them. */
function frozen(value: JsonValue): JsonValue {
  if (typeof value !== "object" || Object.isFrozen(value)) return value;
  for (const part of Object.values(Object.freeze(value) ?? {})) frozen(part);
  return value;
}
