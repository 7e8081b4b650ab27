import { createHash } from "node:crypto";
import type { Condition, Flag, Hints, Holdout, Segment, Serve } from "@telltale/evaluator";

/** A flag as it is compiled: what its rules ask stands in them, so that it depends on no other entry. */
export type CompiledFlag = Omit<Flag, "rules"> & { rules?: [id: string, when: Condition[], serve: Serve][] };

/** A segment as it is compiled. */
export type CompiledSegment = Omit<Segment, "rules"> & { rules: Condition[][] };

/** What an environment says beside its flags, segments and holdouts. */
export interface Header {
  /** Of the rulesets that these entries make. */
  schema: number;
  /** `project/environment` keys. */
  environment: string;
  hints: Hints;
}

/** What is compiled by itself, by kind. */
export interface EntryValues {
  header: Header;
  flag: CompiledFlag;
  segment: CompiledSegment;
  holdout: Holdout;
}

export type EntryKind = keyof EntryValues;

/** An entry that is new or another one now; null: it is gone. A header's key is "". */
export type EntryChange = { [K in EntryKind]: [kind: K, key: string, value: EntryValues[K] | null] }[EntryKind];

/** What leads from one version to the next, or, where it is whole, to a version from nothing: JSON of changes. */
export interface StoredVersion {
  version: number;
  isWhole: boolean;
  content: string;
  /** Of all entries after it, see `combine`. */
  digest: string;
}

/** The digest of no entries. */
export const EMPTY_DIGEST = "0".repeat(32);

/** The digest of one entry, 128 bits in hexadecimal. Against accidents, as a ruleset's. */
export function digestOfEntry(kind: string, key: string, content: string): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, key]))
    .update(content)
    .digest("hex")
    .slice(0, 32);
}

/** The digest of a whole after entries with these digests came or went: exclusive or, so that one change costs one. */
export function combine(whole: string, changed: readonly string[]): string {
  const sum = changed.reduce((all, digest) => all ^ BigInt(`0x${digest}`), BigInt(`0x${whole}`));
  return sum.toString(16).padStart(32, "0");
}

type Held = { [K in EntryKind]: Map<string, EntryValues[K]> };

/** The compiled entries of an environment and audience, and the digest that stands for all of them. */
export class Entries {
  private readonly held: Held = { header: new Map(), flag: new Map(), segment: new Map(), holdout: new Map() };
  private readonly digests = new Map<string, string>();
  private whole = EMPTY_DIGEST;

  get digest(): string {
    return this.whole;
  }

  get header(): Header | undefined {
    return this.held.header.get("");
  }

  /** The entries of a kind, by key. */
  of<K extends EntryKind>(kind: K): Held[K] {
    return this.held[kind];
  }

  apply(changes: readonly EntryChange[]): void {
    const digests: string[] = [];
    for (const [kind, key, value] of changes) {
      const name = `${kind}/${key}`;
      const before = this.digests.get(name);
      if (before !== undefined) digests.push(before);
      if (value === null) {
        (this.held[kind] as Map<string, unknown>).delete(key);
        this.digests.delete(name);
        continue;
      }
      const digest = digestOfEntry(kind, key, JSON.stringify(value));
      digests.push(digest);
      this.digests.set(name, digest);
      (this.held[kind] as Map<string, unknown>).set(key, value);
    }
    this.whole = combine(this.whole, digests);
  }

  /** All of them, as the changes that lead here from nothing. */
  changes(): EntryChange[] {
    return (Object.keys(this.held) as EntryKind[]).flatMap((kind) =>
      [...this.held[kind]].map(([key, value]) => [kind, key, value] as EntryChange),
    );
  }
}

/**
 * The entries that stored versions make, oldest first and without a gap from a whole one.
 * @throws when they do not: something was lost or changed
 */
export function replay(stored: readonly StoredVersion[]): Entries {
  let entries = new Entries();
  for (const { version, isWhole, content, digest } of stored) {
    if (isWhole) entries = new Entries();
    entries.apply(JSON.parse(content) as EntryChange[]);
    if (entries.digest !== digest)
      throw new Error(`Version ${version} does not make the entries that it was stored for.`);
  }
  return entries;
}
