import {
  type CurrentRuleset,
  catalogueName,
  inSchema,
  type KeyInfo,
  type RulesetInSchema,
  SERVED_SCHEMAS,
  UNNAMED_SCHEMA,
} from "@telltale/ruleset/read";
import type { EdgeOptions } from "../components.ts";
import { problem } from "../problem.ts";

/** Rulesets in the schemas that SDKs read. */
export interface Schemas {
  /** The newest ruleset of an environment and audience; undefined where there is none, or none that could be said so. */
  current(environmentId: string, audience: KeyInfo["audience"], schema: number): CurrentRuleset | undefined;
  /** How many flags of what is served cannot be said in each older schema that was asked for. */
  leftOut(): { labels: Record<string, string>; value: number }[];
}

/** Each version is translated once, when the first SDK asks for it. */
export function createSchemas({ rulesets, log }: Pick<EdgeOptions, "rulesets" | "log">): Schemas {
  const translated = new WeakMap<CurrentRuleset, Map<number, RulesetInSchema | undefined>>();

  const translate = (ruleset: CurrentRuleset, schema: number): RulesetInSchema | undefined => {
    const { environment, audience, version } = ruleset;
    const fields = { environment, audience, version, schema };
    try {
      const result = inSchema(ruleset, schema);
      const { leftOut } = result;
      // All of a thousand reasons help nobody.
      const shown = { flags: leftOut.length, first: leftOut.slice(0, 10) };
      if (leftOut.length > 0)
        log.warn({ ...fields, ...shown }, "flags cannot be said in an older schema and are left out of it");
      return result;
    } catch (error) {
      log.error({ ...fields, err: error }, "a ruleset cannot be said in an older schema");
      return undefined;
    }
  };
  const inOlder = (ruleset: CurrentRuleset, schema: number): RulesetInSchema | undefined => {
    const known = translated.get(ruleset) ?? new Map<number, RulesetInSchema | undefined>();
    if (!known.has(schema)) known.set(schema, translate(ruleset, schema));
    translated.set(ruleset, known);
    return known.get(schema);
  };
  return {
    current(environmentId, audience, schema) {
      const ruleset = rulesets.current(environmentId, audience);
      return ruleset && inOlder(ruleset, schema)?.ruleset;
    },
    leftOut: () =>
      [...rulesets.catalogue().rulesets].flatMap(([name, ruleset]) =>
        [...(translated.get(ruleset) ?? [])].flatMap(([schema, result]) => {
          const { environment, audience } = ruleset;
          // Names of two tenants may be equal; ids are not.
          const environmentId = name.slice(0, name.lastIndexOf("/"));
          const labels = { environment_id: environmentId, environment, audience, schema: String(schema) };
          // Of the schema that it is written in, there is nothing to say.
          return result && result.ruleset !== ruleset ? [{ labels, value: result.leftOut.length }] : [];
        }),
      ),
  };
}

/** The schema that an SDK reads, by `?schema=` in its request, or the answer that this edge does not serve it. */
export function schemaOf(request: Request): number | Response {
  // A URL is not taken apart for every poll: a number needs no decoding.
  const named = /[?&]schema=([^&#]*)/.exec(request.url)?.[1] || String(UNNAMED_SCHEMA);
  const schema = /^\d+$/.test(named) ? Number(named) : Number.NaN;
  if (SERVED_SCHEMAS.includes(schema)) return schema;
  const advice =
    schema > Math.max(...SERVED_SCHEMAS) ? "Update the edge, or use an SDK of an earlier release" : "Update the SDK";
  const served = SERVED_SCHEMAS.join(" and ");
  return problem("unknown-schema", `This edge serves rulesets of schema ${served}. ${advice}.`);
}

/** What a stream follows. */
export function channelOf(of: Pick<CurrentRuleset, "environmentId" | "audience">, schema: number): string {
  return `${catalogueName(of)}/${schema}`;
}
