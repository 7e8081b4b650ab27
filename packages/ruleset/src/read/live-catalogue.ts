import type { Audience } from "@telltale/evaluator";
import { type Catalogue, type CurrentRuleset, catalogueName, type KeyInfo } from "./catalogue.ts";

export interface LiveCatalogueOptions {
  /** A newer ruleset can be read; `isFirst` where none of its name was held: it may have been published long ago. */
  onRuleset?: ((ruleset: CurrentRuleset, isFirst: boolean) => void) | undefined;
  /** A ruleset is no longer requested, and is let go. */
  onRelease?: ((ruleset: CurrentRuleset) => void) | undefined;
  /** Keys came, went or changed. */
  onKeys?: (() => void) | undefined;
}

/** The catalogue in memory: filled by a source; readers are told what has changed. */
export class LiveCatalogue {
  private held: Catalogue;
  private readonly options: LiveCatalogueOptions;

  constructor(options: LiveCatalogueOptions, initial: Catalogue = { keys: new Map(), rulesets: new Map() }) {
    this.options = options;
    this.held = initial;
  }

  keyByHash(hash: string): KeyInfo | undefined {
    return this.held.keys.get(hash);
  }

  current(environmentId: string, audience: Audience): CurrentRuleset | undefined {
    return this.held.rulesets.get(catalogueName({ environmentId, audience }));
  }

  catalogue(): Catalogue {
    return this.held;
  }

  /** Lets rulesets go, by their names. */
  release(names: readonly string[]): void {
    const rulesets = new Map(this.held.rulesets);
    const gone = names.flatMap((name) => rulesets.get(name) ?? []);
    for (const name of names) rulesets.delete(name);
    this.held = { ...this.held, rulesets };
    for (const ruleset of gone) this.options.onRelease?.(ruleset);
  }

  /**
   * Takes the next catalogue as a whole. Rulesets that are the same stay the same objects, so that what was made of
   * them is not made again. @returns how many rulesets and key lists are new
   */
  replace(next: Catalogue): number {
    const before = this.held;
    const changed: CurrentRuleset[] = [];
    const rulesets = new Map<string, CurrentRuleset>();
    for (const [name, ruleset] of next.rulesets) {
      const known = before.rulesets.get(name);
      if (known?.etag !== ruleset.etag) changed.push(ruleset);
      rulesets.set(name, known?.etag === ruleset.etag ? known : ruleset);
    }
    const hasNewKeys = !sameKeys(before.keys, next.keys);
    this.held = { keys: hasNewKeys ? next.keys : before.keys, rulesets };
    // Keys first: whoever lost the right to a ruleset must not be sent it.
    if (hasNewKeys) this.options.onKeys?.();
    for (const ruleset of changed) this.options.onRuleset?.(ruleset, !before.rulesets.has(catalogueName(ruleset)));
    return changed.length + (hasNewKeys ? 1 : 0);
  }
}

function sameKeys(a: Catalogue["keys"], b: Catalogue["keys"]): boolean {
  if (a.size !== b.size) return false;
  for (const [hash, key] of a) {
    const other = b.get(hash);
    if (!other || !sameKey(key, other)) return false;
  }
  return true;
}

function sameKey(a: KeyInfo, b: KeyInfo): boolean {
  return (
    a.id === b.id &&
    a.environmentId === b.environmentId &&
    a.audience === b.audience &&
    a.environmentKey === b.environmentKey &&
    a.projectKey === b.projectKey &&
    a.origins.join("\n") === b.origins.join("\n")
  );
}
