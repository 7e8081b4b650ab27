import murmurhash from "murmurhash";
import type { Condition, Flag, JsonValue, Ruleset, Serve, Split } from "../ruleset.ts";
import { addressOf, blockOf, compareVersions, isInside, momentOf, patternOf, versionOf } from "./readings.ts";

/**
 * The rules of docs/evaluation.md read off the document, with no thought for speed and with nothing of the engine:
 * what the engine must agree with. For tests only.
 */
export interface Plain {
  value: JsonValue;
  variant?: string;
  reason: string;
  rule?: string;
  exposure?: { experiment: string; by: string };
  error?: string;
}

type Context = Readonly<Record<string, unknown>>;

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const hash = (text: string, seed: number) => murmurhash.v3(new TextEncoder().encode(text), seed);
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

export function referenceEvaluate(ruleset: Ruleset, key: string, context: Context, fallback: JsonValue): Plain {
  const flag = own(ruleset.flags, key);
  const failed = (error: string): Plain => ({ value: fallback, reason: "ERROR", error });
  if (!flag || flag.archived) return failed("FLAG_NOT_FOUND");
  if (typeof fallback !== (flag.type === "json" ? "object" : typeof Object.values(flag.variants)[0]))
    return failed("TYPE_MISMATCH");
  return decide(ruleset, key, flag, context) ?? failed("TARGETING_KEY_MISSING");
}

/** Undefined when the default serve needs a unit that the context lacks. */
function decide(ruleset: Ruleset, key: string, flag: Flag, context: Context): Plain | undefined {
  const { prerequisites = [], targets = [], rules = [] } = flag;
  const answer = (variant: string, reason: string, more: Partial<Plain> = {}): Plain => ({
    value: flag.variants[variant] as JsonValue,
    variant,
    reason,
    ...more,
  });
  if (flag.on === false) return answer(flag.off, "DISABLED");
  for (const prerequisite of prerequisites) {
    const other = own(ruleset.flags, prerequisite.flag);
    const isUsable = other && !other.archived && !reaches(ruleset, prerequisite.flag, key);
    const variant = isUsable ? decide(ruleset, prerequisite.flag, other, context)?.variant : undefined;
    if (variant === undefined || !prerequisite.variants.includes(variant)) return answer(flag.off, "DISABLED");
  }
  for (const target of targets) {
    if (isListed(ruleset, target.ids, context)) return answer(target.variant, "TARGETING_MATCH");
  }
  for (const [rule, when, ruled] of rules) {
    if (when !== "" && !matchesAll(ruleset, when, context)) continue;
    const served = serve(ruleset, ruled, context);
    if (typeof served !== "object") continue;
    return answer(served.variant, served.isSplit ? "SPLIT" : "TARGETING_MATCH", { rule, ...served.more });
  }
  const served = serve(ruleset, flag.serve, context);
  if (served === "no unit") return undefined;
  if (served === "outside") return answer(flag.off, "DEFAULT");
  const isPlain = rules.length === 0 && targets.length === 0 && prerequisites.length === 0;
  return answer(served.variant, served.isSplit ? "SPLIT" : isPlain ? "STATIC" : "DEFAULT", served.more);
}

function reaches(ruleset: Ruleset, from: string, to: string, seen: string[] = []): boolean {
  if (from === to) return true;
  if (seen.includes(from)) return false;
  const next = own(ruleset.flags, from)?.prerequisites ?? [];
  return next.some(({ flag }) => reaches(ruleset, flag, to, [...seen, from]));
}

type Served = { variant: string; isSplit: boolean; more: Partial<Plain> } | "outside" | "no unit";

function serve(ruleset: Ruleset, serve: Serve, context: Context): Served {
  if (typeof serve === "string") return { variant: serve, isSplit: false, more: {} };
  const { by = "targetingKey", seed, ends, variants, share, experiment, holdouts = [] } = serve;
  const unit = unitText(context, by);
  if (unit === undefined) return "no unit";
  if (share) {
    const place = hash(unit, share.seed);
    if (place < (share.start ?? 0) || place >= share.end) return "outside";
  }
  for (const key of holdouts) {
    const holdout = ruleset.holdouts?.[key];
    const held = holdout && unitText(context, holdout.by);
    if (holdout && held !== undefined && hash(held, holdout.seed) < holdout.end) return "outside";
  }
  const variant = variants[ends.findIndex((end) => hash(unit, seed) < end)];
  if (variant === undefined) return "outside";
  return { variant, isSplit: true, more: exposureOf({ experiment, by }) };
}

function exposureOf({ experiment, by }: { experiment: Split["experiment"] | undefined; by: string }): Partial<Plain> {
  return experiment === undefined ? {} : { exposure: { experiment, by } };
}

function unitText(context: Context, by: string): string | undefined {
  const value = own(context, by);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function hashedId(id: string): string {
  const bytes = new TextEncoder().encode(id);
  const hex = (input: Uint8Array, seed: number) => murmurhash.v3(input, seed).toString(16).padStart(8, "0");
  return hex(bytes, 0x74656c6c) + hex(Uint8Array.from([...bytes].reverse()), 0x74616c65);
}

function isListed(ruleset: Ruleset, ids: readonly string[], context: Context): boolean {
  const unit = unitText(context, "targetingKey");
  if (unit === undefined) return false;
  return ids.includes(ruleset.audience === "client" ? hashedId(unit) : unit);
}

function matchesAll(ruleset: Ruleset, name: string, context: Context): boolean {
  return !!own(ruleset.conditions, name)?.every((condition) => matches(ruleset, condition, context));
}

function matches(ruleset: Ruleset, condition: Condition, context: Context): boolean {
  if ("segments" in condition) {
    const isIn = condition.segments.some((key) => {
      const segment = own(ruleset.segments, key);
      const { included = [], excluded = [], rules = [] } = segment ?? {};
      if (!segment || isListed(ruleset, excluded, context)) return false;
      if (isListed(ruleset, included, context)) return true;
      return rules.some((name) => matchesAll(ruleset, name, context));
    });
    return isIn === (condition.op === "inSegment");
  }
  const value = own(context, condition.attribute) ?? undefined;
  if (condition.op === "exists") return value !== undefined;
  if (condition.op === "notExists") return value === undefined;
  const { op } = condition;
  const values: readonly unknown[] = "values" in condition ? condition.values : [];
  const positive = op.replace(/^not(.)/, (_, letter: string) => letter.toLowerCase());
  const answers = (Array.isArray(value) ? value : [value])
    .map((one) => holds(positive, one, values))
    .filter((one) => one !== undefined);
  // Values that cannot be read: as if the condition were not there to be met.
  if (values.length > 0 && values.every((bound) => !isReadable(positive, bound))) return false;
  if (answers.length === 0 && !(Array.isArray(value) && value.length === 0)) return false;
  return answers.includes(true) === (positive === op);
}

function isReadable(op: string, bound: unknown): boolean {
  if (op === "matches") return patternOf(String(bound)) !== undefined;
  if (op.startsWith("semver")) return versionOf(bound) !== undefined;
  if (op === "before" || op === "after") return momentOf(bound) !== undefined;
  if (op === "inCidr") return blockOf(String(bound)) !== undefined;
  return true;
}

/** Undefined when the value cannot be compared. */
function holds(op: string, value: unknown, bounds: readonly unknown[]): boolean | undefined {
  const readable = bounds.filter((bound) => isReadable(op, bound));
  const type = typeof value;
  switch (op) {
    case "in":
      return /string|number|boolean/.test(type) ? bounds.includes(value) : undefined;
    case "inHashed":
      if (type === "string") return bounds.includes(hashedId(value as string));
      return /number|boolean/.test(type) ? false : undefined;
    case "contains":
    case "startsWith":
    case "endsWith": {
      if (typeof value !== "string") return undefined;
      const method = ({ contains: "includes", startsWith: "startsWith", endsWith: "endsWith" } as const)[op];
      return bounds.some((bound) => value[method](String(bound)));
    }
    case "matches":
      return typeof value === "string" ? readable.some((one) => patternOf(String(one))?.test(value)) : undefined;
    case "inCidr": {
      const address = typeof value === "string" ? addressOf(value) : undefined;
      return address && readable.some((one) => isInside(address, blockOf(String(one))));
    }
    default:
      return ordered(op, value, readable);
  }
}

function ordered(op: string, value: unknown, bounds: readonly unknown[]): boolean | undefined {
  const compare = (bound: unknown): number | undefined => {
    if (op.startsWith("semver")) return compareVersions(versionOf(value), versionOf(bound));
    const read =
      op === "before" || op === "after" ? momentOf : (one: unknown) => (typeof one === "number" ? one : undefined);
    const [left, right] = [read(value), read(bound)];
    return left === undefined || right === undefined
      ? undefined
      : left < right
        ? -1
        : left > right
          ? 1
          : left === right
            ? 0
            : Number.NaN;
  };
  const comparable = op.startsWith("semver")
    ? versionOf(value) !== undefined
    : op === "before" || op === "after"
      ? momentOf(value) !== undefined
      : typeof value === "number";
  if (!comparable) return undefined;
  return bounds.some((bound) => {
    const order = compare(bound);
    if (order === undefined || Number.isNaN(order)) return false;
    if (/^(lt|semverLt|before)$/.test(op)) return order < 0;
    if (/^(gt|semverGt|after)$/.test(op)) return order > 0;
    if (/^(lte|semverLte)$/.test(op)) return order <= 0;
    if (/^(gte|semverGte)$/.test(op)) return order >= 0;
    return order === 0;
  });
}
