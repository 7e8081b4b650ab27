import { createResolution, type Resolution } from "../evaluation.ts";
import type { Flag, JsonValue, Prerequisite, Ruleset } from "../ruleset.ts";
import { isListed, meetsAll, type PreparedCondition, type PreparedIds, prepareIds } from "./conditions.ts";
import { draw, type PreparedServe, prepareServe, type ResolutionFor } from "./serve.ts";
import type { Subject } from "./subject.ts";

/** What a flag may refer to. */
export interface FlagReferences {
  readonly document: Ruleset;
  /** What a flag's rules ask; flags that ask the same share it, so that it stays in the processor's cache. */
  questionsOf(flag: Flag): readonly (PreparedCondition | undefined)[];
  /** Prepared, if there is such a flag. */
  flagOf(key: string): PreparedFlag | undefined;
}

/** A flag, ready to be decided. */
export interface PreparedFlag {
  /** `typeof` its values. */
  readonly kind: string;
  readonly isArchived: boolean;
  readonly prerequisites: readonly PreparedPrerequisite[] | undefined;
  readonly targets: readonly PreparedTarget[] | undefined;
  /** What each rule asks. */
  readonly questions: readonly (PreparedCondition | undefined)[];
  /** What each rule serves. */
  readonly answers: readonly PreparedServe[];
  readonly serve: PreparedServe;
  /** Resolution while off, or while a prerequisite does not hold. */
  readonly disabled: Resolution;
  /** Answer for units outside the default serve's split. */
  readonly outside: Resolution;
}

interface PreparedPrerequisite {
  /** Undefined: it can never hold. */
  readonly flag: PreparedFlag | undefined;
  readonly variants: readonly string[];
}

interface PreparedTarget extends PreparedIds {
  readonly resolution: Resolution;
}

/** @throws what a document brings about that is not what it says to be. */
export function prepareFlag(key: string, source: Flag, around: FlagReferences): PreparedFlag {
  const { document } = around;
  const { type, on = true, archived, off, prerequisites = [], targets = [], rules = [], serve, variants } = source;
  const { audience, version, holdouts = {} } = document;
  const outcomesOf =
    (rule?: string): ResolutionFor =>
    (variant, reason, part) =>
      createResolution(key, version, frozen(variants[variant] as JsonValue), reason, { variant, rule, ...part });
  const fixed = outcomesOf();
  const isPlain = !(rules.length + targets.length + prerequisites.length);
  const isHashed = audience === "client";
  return {
    kind: type ? "object" : typeof variants[off],
    isArchived: !!archived,
    prerequisites:
      on && prerequisites[0] ? prerequisites.map((one) => preparePrerequisite(key, one, around)) : undefined,
    targets:
      on && targets[0]
        ? targets.map(({ ids, variant }) => ({
            ...prepareIds(ids, isHashed),
            resolution: fixed(variant, "TARGETING_MATCH"),
          }))
        : undefined,
    questions: on ? around.questionsOf(source) : [],
    answers: rules.map(([id, , served]) => prepareServe(served, "TARGETING_MATCH", holdouts, outcomesOf(id))),
    serve: prepareServe(on ? serve : off, on ? (isPlain ? "STATIC" : "DEFAULT") : "DISABLED", holdouts, fixed),
    disabled: fixed(off, "DISABLED"),
    outside: fixed(off, "DEFAULT"),
  };
}

/** A prerequisite that is missing, archived, or leads back to its own flag can never hold. */
function preparePrerequisite(
  key: string,
  { flag, variants }: Prerequisite,
  around: FlagReferences,
): PreparedPrerequisite {
  const other = leadsTo(flag, key, around.document, new Set()) ? undefined : around.flagOf(flag);
  return { flag: other?.isArchived ? undefined : other, variants };
}

function leadsTo(from: string, to: string, document: Ruleset, seen: Set<string>): boolean {
  if (from === to) return true;
  if (seen.has(from) || !Object.hasOwn(document.flags, from)) return false;
  seen.add(from);
  return !!document.flags[from]?.prerequisites?.some(({ flag }) => leadsTo(flag, to, document, seen));
}

/** The flag's answer for a subject, or the name of the attribute that its default split needs and the context lacks. */
export function decideFlag(flag: PreparedFlag, subject: Subject): Resolution | string {
  const { prerequisites, targets, questions } = flag;
  if (prerequisites) for (const one of prerequisites) if (!isMet(one, subject)) return flag.disabled;
  if (targets) for (const target of targets) if (isListed(target, subject)) return target.resolution;
  // Flags that ask the same, and the same flag again, get what was found for this subject before.
  let i = subject.asked === questions ? subject.met : firstMet(questions, 0, subject);
  subject.asked = questions;
  subject.met = i;
  for (; i < questions.length; i = firstMet(questions, i + 1, subject)) {
    const resolution = draw(flag.answers[i] as PreparedServe, subject);
    if (typeof resolution === "object") return resolution;
  }
  return draw(flag.serve, subject) ?? flag.outside;
}

/** Index of the first rule from `start` on that matches the subject; the number of rules when none does. */
function firstMet(questions: PreparedFlag["questions"], start: number, subject: Subject): number {
  let i = start;
  while (i < questions.length && !meetsAll(questions[i], subject)) i++;
  return i;
}

/** A flag that cannot be decided meets nothing. */
function isMet({ flag, variants }: PreparedPrerequisite, subject: Subject): boolean {
  const resolution = flag && decideFlag(flag, subject);
  return typeof resolution === "object" && variants.includes(resolution.variant as string);
}

/** JSON values are shared by everyone who evaluates, so nobody may change them. */
function frozen(value: JsonValue): JsonValue {
  if (typeof value !== "object" || Object.isFrozen(value)) return value;
  for (const part of Object.values(Object.freeze(value) ?? {})) frozen(part);
  return value;
}
