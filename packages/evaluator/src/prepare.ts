import {
  type PreparedCondition,
  type PreparedSegment,
  prepareConditions,
  prepareSegment,
} from "./decide/conditions.ts";
import { type FlagReferences, type PreparedFlag, prepareFlag } from "./decide/flag.ts";
import { operatorOf, positiveOf } from "./decide/operators.ts";
import { type Condition, type Flag, RULESET_SCHEMA, type Ruleset, type Segment } from "./ruleset.ts";

/** A ruleset made ready for evaluation: immutable, shared by every evaluation of its version. */
export interface Prepared {
  /** As it came. */
  readonly document: Readonly<Ruleset>;
  /** Internal to the evaluator: a flag is prepared when it is first asked (of a thousand, a page asks ten). */
  flagOf(key: string): PreparedFlag | undefined;
}

export type PrepareResult = { ok: true; ruleset: Prepared } | { ok: false; reason: string };

/**
 * Makes a ruleset ready. What an older SDK could not decide rightly refuses the whole document: an unknown schema number
 * or operator, or something that is no ruleset at all. Keep the last good one then and report the reason. Never throws.
 *
 * That every flag is well formed is seen to where rulesets are published (`checkRuleset`), and that a text came
 * unharmed by its digest (`isIntact`); a flag that is malformed all the same answers the default with an error.
 * The document belongs to the evaluator from then on, as flags are prepared later: do not change it.
 */
export function prepare(document: unknown): PrepareResult {
  try {
    const reason = refusal(document as Ruleset);
    return reason ? { ok: false, reason } : { ok: true, ruleset: ready(document as Ruleset) };
  } catch {
    return { ok: false, reason: "it is no ruleset" };
  }
}

/** Why it must be refused; throws when it is no ruleset at all. */
function refusal({ schema, version, hints, attributes, flags, segments, conditions }: Ruleset): string | undefined {
  if (schema !== RULESET_SCHEMA) return `its schema is ${schema}, not ${RULESET_SCHEMA}`;
  if (!(version >= 0 && hints.flushIntervalMs >= 0 && attributes[0] && flags && segments)) return "parts are missing";
  for (const { op } of Object.values(conditions).flat())
    if (!operatorOf(positiveOf(op).name)) return `its operator ${op} is unknown`;
  return undefined;
}

function ready(document: Ruleset): Prepared {
  const { flags, segments, conditions, audience } = document;
  const segmentOf = memo(
    segments,
    (_, segment: Segment): PreparedSegment => prepareSegment(segment, audience === "client", conditionsOf),
  );
  const preparedOf = memo(conditions, (_, all: readonly Condition[]) => prepareConditions(all, segmentOf));
  const conditionsOf = (name: string): PreparedCondition => {
    const conditions = preparedOf(name);
    // Nothing to ask would match everyone: a rule that names what is not there makes its flag an error instead.
    if (!conditions) throw new Error(`conditions "${name}" are missing`);
    return conditions;
  };
  const questions = new Map<string, readonly (PreparedCondition | undefined)[]>();
  const around: FlagReferences = {
    document,
    questionsOf({ rules = [] }) {
      const names = rules.map(([, when]) => when);
      const key = [names.length, ...names].join();
      const asked = questions.get(key) ?? names.map((name) => (name ? conditionsOf(name) : undefined));
      questions.set(key, asked);
      return asked;
    },
    flagOf: memo(flags, (key, flag: Flag): PreparedFlag => prepareFlag(key, flag, around)),
  };
  return around;
}

/** Makes what a record's entries become, each when it is first asked for; undefined for one that is not there. */
function memo<S, T>(record: Readonly<Record<string, S>>, make: (key: string, source: S) => T) {
  const made = new Map<string, T>();
  return (key: string): T | undefined => {
    const known = made.get(key);
    if (known || !Object.hasOwn(record, key)) return known;
    const one = make(key, record[key] as S);
    made.set(key, one);
    return one;
  };
}
