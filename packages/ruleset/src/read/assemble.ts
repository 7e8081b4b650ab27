import {
  type Audience,
  type Condition,
  createNaming,
  type Flag,
  RULESET_SCHEMA,
  type Ruleset,
  type Segment,
  type Serve,
  sealed,
  sealedText,
} from "@telltale/evaluator";
import type { CompiledFlag, CompiledSegment, Entries } from "./entries.ts";

/**
 * Puts compiled entries together into the document that SDKs read. Pure: the same entries and version give the same
 * bytes, whoever assembles them and whatever they came from.
 * @throws when there is no header, or one of another schema
 */
export function assemble(entries: Entries, audience: Audience, version: number): Ruleset {
  return sealed(contentOf(entries, audience, version));
}

/** The same as text, with its digest. */
export function assembleText(entries: Entries, audience: Audience, version: number) {
  const content = contentOf(entries, audience, version);
  return { environment: content.environment, ...sealedText(content) };
}

/** Keys of the segments that a flag's rules ask for. */
export function segmentsOf(flag: CompiledFlag): string[] {
  return (flag.rules ?? []).flatMap(([, when]) =>
    when.flatMap((condition) => ("segments" in condition ? condition.segments : [])),
  );
}

function contentOf(entries: Entries, audience: Audience, version: number): Omit<Ruleset, "digest"> {
  const { header } = entries;
  if (header?.schema !== RULESET_SCHEMA) throw new Error(`Entries of schema ${header?.schema} cannot be assembled.`);
  const holdouts = sorted(entries.of("holdout"));
  const flags = sorted(entries.of("flag"));
  const parts = flags.map(([, flag]) => partsOf(flag));
  const used = new Set(parts.flatMap(({ segments }) => segments));
  const segments = sorted(entries.of("segment")).filter(([key]) => used.has(key));
  const named = nameEach(flags, segments) ?? nameTogether(flags, segments);
  return {
    schema: RULESET_SCHEMA,
    environment: header.environment,
    audience,
    version,
    attributes: [...new Set(["targetingKey", ...parts.flatMap(({ units }) => units)])].sort(),
    hints: header.hints,
    conditions: named.conditions,
    segments: Object.fromEntries(named.segments),
    ...(holdouts.length > 0 ? { holdouts: Object.fromEntries(holdouts) } : {}),
    flags: Object.fromEntries(named.flags),
  };
}

interface Named {
  conditions: Record<string, Condition[]>;
  flags: [string, Flag][];
  segments: [string, Segment][];
}

type Keyed<T> = [key: string, value: T][];

/** With one naming for all: two lists of conditions whose names would be the same get two names. */
function nameTogether(flags: Keyed<CompiledFlag>, segments: Keyed<CompiledSegment>): Named {
  const naming = createNaming();
  return {
    flags: flags.map(([key, flag]) => [key, withNames(flag, naming.nameOf)]),
    segments: segments.map(([key, { rules, ...rest }]) => [key, { ...rest, rules: rules.map(naming.nameOf) }]),
    conditions: naming.all(),
  };
}

/** The same from what each is by itself, which is made once; undefined where two names meet. */
function nameEach(flags: Keyed<CompiledFlag>, segments: Keyed<CompiledSegment>): Named | undefined {
  const conditions = new Map<string, Asked>();
  const each = [...flags.map(([, flag]) => partsOf(flag)), ...segments.map(([, segment]) => segmentParts(segment))];
  for (const { asked } of each) {
    for (const one of asked) {
      const known = conditions.get(one.name);
      if (known && known.text !== one.text) return undefined;
      if (!known) conditions.set(one.name, one);
    }
  }
  return {
    flags: flags.map(([key, flag]) => [key, partsOf(flag).flag]),
    segments: segments.map(([key, segment]) => [key, segmentParts(segment).segment]),
    conditions: Object.fromEntries(sorted(conditions).map(([name, { when }]) => [name, when])),
  };
}

/** A list of conditions with the name that is made of it. */
interface Asked {
  name: string;
  text: string;
  when: Condition[];
}

interface FlagParts {
  flag: Flag;
  asked: Asked[];
  segments: string[];
  units: string[];
}

const flagParts = new WeakMap<CompiledFlag, FlagParts>();
const partsOfSegments = new WeakMap<CompiledSegment, { segment: Segment; asked: Asked[] }>();

/** What a flag contributes: made once, since a version changes few of thousands. */
function partsOf(compiled: CompiledFlag): FlagParts {
  const known = flagParts.get(compiled);
  if (known) return known;
  const asked = (compiled.rules ?? []).flatMap(([, when]) => askedBy(when));
  const flag = withNames(compiled, nameOf);
  const parts = { flag, asked, segments: segmentsOf(compiled), units: unitsOf(compiled) };
  flagParts.set(compiled, parts);
  return parts;
}

function segmentParts(compiled: CompiledSegment): { segment: Segment; asked: Asked[] } {
  const known = partsOfSegments.get(compiled);
  if (known) return known;
  const segment = { ...compiled, rules: compiled.rules.map(nameOf) };
  const parts = { segment, asked: compiled.rules.flatMap(askedBy) };
  partsOfSegments.set(compiled, parts);
  return parts;
}

function withNames(compiled: CompiledFlag, nameOf: (when: Condition[]) => string): Flag {
  const { rules, ...rest } = compiled;
  if (!rules) return rest;
  // Written over itself, so that it keeps its place among the members.
  return { ...compiled, rules: rules.map(([id, when, serve]) => [id, nameOf(when), serve]) };
}

/** The name of conditions where no others have it. */
function nameOf(when: Condition[]): string {
  return createNaming().nameOf(when);
}

function askedBy(when: Condition[]): Asked[] {
  return when.length > 0 ? [{ name: nameOf(when), text: JSON.stringify(when), when }] : [];
}

function unitsOf({ serve, rules = [] }: CompiledFlag): string[] {
  const by = (served: Serve) => (typeof served === "string" || served.by === undefined ? [] : [served.by]);
  return [...by(serve), ...rules.flatMap((rule) => by(rule[2]))];
}

/** By key, so that the order in which entries came never changes the bytes. */
function sorted<T>(entries: ReadonlyMap<string, T>): Keyed<T> {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
