import { RULESET_SCHEMA, type Ruleset } from "@telltale/evaluator";
import { type CurrentRuleset, etagOf } from "../catalogue.ts";
import { type LeftOut, type Translation, toSchema1 } from "./schema-1.ts";

/** Schemas in which rulesets can be had: the one of this release, and the one of the release before. */
export const SERVED_SCHEMAS: readonly number[] = [RULESET_SCHEMA - 1, RULESET_SCHEMA];

/** What an SDK reads that does not say it: those of the releases that could not say it read schema 2. */
export const UNNAMED_SCHEMA = 2;

/** From the schema of this release to an older one. */
const TRANSLATIONS: Record<number, (ruleset: Ruleset) => Translation> = { 1: toSchema1 };

/** A ruleset as readers of one schema have it. */
export interface RulesetInSchema {
  ruleset: CurrentRuleset;
  leftOut: readonly LeftOut[];
}

/**
 * The same version of a ruleset in the requested schema. One that is not of this release's schema stays as it
 * is: its publisher is older or newer than this reader, and SDKs keep what they have until it is published again.
 * @throws when it is no ruleset
 */
export function inSchema(ruleset: CurrentRuleset, schema: number): RulesetInSchema {
  const translate = TRANSLATIONS[schema];
  if (!translate) return { ruleset, leftOut: [] };
  const document = JSON.parse(ruleset.document) as Ruleset;
  if (document.schema !== RULESET_SCHEMA) return { ruleset, leftOut: [] };
  const { leftOut, ...text } = translate(document);
  const { version } = ruleset;
  return { ruleset: { ...ruleset, ...text, etag: etagOf({ version, digest: text.digest }) }, leftOut };
}
