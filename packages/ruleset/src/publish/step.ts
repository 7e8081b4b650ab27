import { namedSegments } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";
import { type Audience, checkRuleset } from "@telltale/evaluator";
import { compileEntries } from "../compile/compile.ts";
import type { EnvironmentSource } from "../compile/environment-source.ts";
import { assemble, segmentsOf } from "../read/assemble.ts";
import { combine, digestOfEntry, EMPTY_DIGEST, Entries, type EntryChange } from "../read/entries.ts";
import { type LockedEnvironment, readSource, type SourceSelection } from "./source.ts";
import { type EntryTag, readEntryTags } from "./stored.ts";

export const AUDIENCES = ["server", "client"] satisfies Audience[];

/** Keys of what a change has touched: flags by configuration, variants or visibility, segments by definition. */
export type Changed = { flags?: readonly string[]; segments?: readonly string[] } | "all";

/** A change with the digest of the entry after it, and of the one before it. */
export interface TaggedChange {
  change: EntryChange;
  digest: string;
  before: string | undefined;
}

export interface PublishStep {
  /** What was compiled. */
  compiled: Record<Audience, EntryChange[]>;
  /** What of it is another than before, and what is gone. */
  changes: Record<Audience, TaggedChange[]>;
}

/** What a change compiles to. Where it reaches parts that it does not name, everything is looked at. */
export async function compileStep(
  tx: Transaction,
  environment: LockedEnvironment,
  changed: Changed,
): Promise<PublishStep> {
  if (changed !== "all") {
    const { flags = [], segments = [] } = changed;
    const step = await stepOf(tx, environment, { flags: [...new Set(flags)], segments: [...new Set(segments)] });
    if (step !== "reaches others") return step;
  }
  const step = await stepOf(tx, environment, "all");
  if (step === "reaches others") throw new Error(`${environment.name} has nothing beyond everything.`);
  return step;
}

/** What the scope compiles to, against what is stored. */
async function stepOf(
  tx: Transaction,
  environment: LockedEnvironment,
  scope: SourceSelection,
): Promise<PublishStep | "reaches others"> {
  const source = await readSource(tx, environment, scope);
  const asked = segmentKeysOf(source);
  const keys = scope === "all" ? null : { flags: scope.flags, segments: [...scope.segments, ...asked] };
  const tags = await readEntryTags(tx, environment.id, keys);
  // A segment comes to an environment with the first flag that uses it there: until then, nobody compiled it.
  const unknown = scope === "all" ? [] : asked.filter((key) => !scope.segments.includes(key) && !isStored(tags, key));
  if (scope !== "all" && unknown.length > 0) {
    return stepOf(tx, environment, { flags: scope.flags, segments: [...scope.segments, ...unknown] });
  }
  const isInScope = ({ kind, key }: EntryTag) => kind !== "segment" || scope === "all" || scope.segments.includes(key);
  const step: PublishStep = { compiled: { server: [], client: [] }, changes: { server: [], client: [] } };
  for (const audience of AUDIENCES) {
    const stored = tags.filter((tag) => tag.audience === audience);
    const compiled = compileEntries(source, audience);
    const changes = changesBetween(stored.filter(isInScope), compiled);
    const reachesOthers = changes.some(
      ({ change: [kind, , value] }) => kind === "holdout" || (kind === "segment" && value === null),
    );
    if (reachesOthers && scope !== "all") return "reaches others";
    const segments = scope === "all" ? compiled.filter(isSegment).map(([, key]) => key) : segmentKeys(stored, changes);
    check(environment.name, audience, compiled, changes, segments);
    step.compiled[audience] = compiled;
    step.changes[audience] = changes;
  }
  return step;
}

/** Whether every audience has the segment. */
function isStored(tags: readonly EntryTag[], key: string): boolean {
  return AUDIENCES.every((audience) =>
    tags.some((tag) => tag.audience === audience && tag.kind === "segment" && tag.key === key),
  );
}

const isSegment = ([kind]: EntryChange) => kind === "segment";

/** Keys of segments that are there after the changes. */
function segmentKeys(stored: EntryTag[], changes: TaggedChange[]): string[] {
  const added = changes.map(({ change }) => change).filter(isSegment);
  return [...stored.filter(({ kind }) => kind === "segment").map(({ key }) => key), ...added.map(([, key]) => key)];
}

function segmentKeysOf({ flags }: EnvironmentSource): string[] {
  return [...new Set(flags.flatMap(({ config }) => namedSegments(config)))];
}

function changesBetween(stored: EntryTag[], compiled: EntryChange[]): TaggedChange[] {
  const left = new Map(stored.map((tag) => [`${tag.kind}/${tag.key}`, tag]));
  const changes: TaggedChange[] = [];
  for (const change of compiled) {
    const [kind, key, value] = change;
    const before = left.get(`${kind}/${key}`)?.digest;
    left.delete(`${kind}/${key}`);
    const digest = digestOfEntry(kind, key, JSON.stringify(value));
    if (digest !== before) changes.push({ change, digest, before });
  }
  for (const { kind, key, digest: before } of left.values())
    changes.push({ change: [kind, key, null] as EntryChange, digest: EMPTY_DIGEST, before });
  return changes;
}

/**
 * SDKs rely on it: what is published is well formed. Entries that did not change were looked at when they did; segments
 * that a changed flag asks for need only be there.
 */
function check(name: string, audience: Audience, compiled: EntryChange[], changes: TaggedChange[], segments: string[]) {
  const entries = new Entries();
  entries.apply(segments.map((key): EntryChange => ["segment", key, { rules: [] }]));
  entries.apply(compiled.filter(([kind]) => kind === "header" || kind === "holdout"));
  entries.apply(changes.map(({ change }) => change));
  const removed = changes.some(({ change: [kind, , value] }) => kind === "segment" && value === null);
  // A segment that is gone must be asked for by nobody, changed or not.
  if (removed) entries.apply(compiled);
  const known = new Set(entries.of("segment").keys());
  for (const [key, flag] of entries.of("flag")) {
    const missing = segmentsOf(flag).find((segment) => !known.has(segment));
    if (missing !== undefined) throw malformed(name, `flag ${key} asks for the segment ${missing}, which is not there`);
  }
  const fault = checkRuleset(assemble(entries, audience, 1));
  if (fault) throw malformed(name, fault);
}

function malformed(name: string, fault: string): Error {
  return new Error(`${name} compiles to a malformed ruleset, and is not published: ${fault}`);
}

/** The digest of all entries that were compiled. */
export function digestOfEntries(compiled: EntryChange[]): string {
  const digests = compiled.map(([kind, key, value]) => digestOfEntry(kind, key, JSON.stringify(value)));
  return combine(EMPTY_DIGEST, digests);
}

/** The digest of a whole after these changes. */
export function digestAfter(before: string | undefined, changes: TaggedChange[]): string {
  return combine(
    before ?? EMPTY_DIGEST,
    changes.flatMap(({ digest, before: old }) => (old === undefined ? [digest] : [digest, old])),
  );
}
