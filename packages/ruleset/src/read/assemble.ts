import {
  type Audience,
  createNaming,
  type Flag,
  RULESET_SCHEMA,
  type Ruleset,
  type Segment,
  type Serve,
  sealed,
} from "@telltale/evaluator";
import type { CompiledFlag, Entries } from "./entries.ts";

/**
 * Puts compiled entries together into the document that SDKs read. Pure: the same entries and version give the same
 * bytes, whoever assembles them and whatever they came from.
 * @throws when there is no header, or one of another schema
 */
export function assemble(entries: Entries, audience: Audience, version: number): Ruleset {
  const { header } = entries;
  if (header?.schema !== RULESET_SCHEMA) throw new Error(`Entries of schema ${header?.schema} cannot be assembled.`);
  const naming = createNaming();
  const used = new Set<string>();
  const units = new Set(["targetingKey"]);
  const holdouts = sorted(entries.of("holdout"));
  const flags = sorted(entries.of("flag")).map(([key, flag]): [string, Flag] => {
    for (const unit of unitsOf(flag)) units.add(unit);
    for (const segment of segmentsOf(flag)) used.add(segment);
    const { rules, ...rest } = flag;
    if (!rules) return [key, rest];
    // Written over itself, so that it keeps its place among the members.
    return [key, { ...flag, rules: rules.map(([id, when, serve]) => [id, naming.nameOf(when), serve]) }];
  });
  const segments = sorted(entries.of("segment"))
    .filter(([key]) => used.has(key))
    .map(([key, segment]): [string, Segment] => [key, { ...segment, rules: segment.rules.map(naming.nameOf) }]);
  return sealed({
    schema: RULESET_SCHEMA,
    environment: header.environment,
    audience,
    version,
    attributes: [...units].sort(),
    hints: header.hints,
    conditions: naming.all(),
    segments: Object.fromEntries(segments),
    ...(holdouts.length > 0 ? { holdouts: Object.fromEntries(holdouts) } : {}),
    flags: Object.fromEntries(flags),
  });
}

/** Keys of the segments that a flag's rules ask for. */
export function segmentsOf(flag: CompiledFlag): string[] {
  return (flag.rules ?? []).flatMap(([, when]) =>
    when.flatMap((condition) => ("segments" in condition ? condition.segments : [])),
  );
}

function unitsOf({ serve, rules = [] }: CompiledFlag): string[] {
  const by = (served: Serve) => (typeof served === "string" || served.by === undefined ? [] : [served.by]);
  return [...by(serve), ...rules.flatMap((rule) => by(rule[2]))];
}

/** By key, so that the order in which entries came never changes the bytes. */
function sorted<T>(entries: ReadonlyMap<string, T>): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
