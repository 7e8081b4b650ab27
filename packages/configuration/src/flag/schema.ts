import { z } from "zod";
import { idsSchema, keySchema } from "../keys.ts";
import { attributeSchema, conditionSchema, storedConditionSchema } from "./condition-schema.ts";
import type { ConfigRule, ConfigServe, ConfigSplit, FlagConfiguration } from "./configuration.ts";

const parts = z.int("Shares are whole thousandths of a percent.").min(0).max(100_000);
const salt = z.string().min(1).max(100);
export const weightsSchema = z
  .array(z.object({ variant: z.string(), parts }))
  .min(1)
  .max(50);

export const serveSchema: z.ZodType<ConfigServe> = z.union([
  z.object({ variant: z.string() }),
  z.object({
    split: z.object({
      by: attributeSchema,
      salt,
      weights: weightsSchema,
      share: z.object({ salt, parts }).optional(),
      layer: z.object({ key: keySchema, salt, from: parts, to: parts }).optional(),
      holdouts: z.array(keySchema).max(100).optional(),
      experiment: z.string().optional(),
    }),
  }),
]);

export const ruleIdSchema = z.string().min(1).max(100);
export const whenSchema = z.array(conditionSchema).max(50);
export const ruleNameSchema = z.string().max(200);

export const ruleSchema: z.ZodType<ConfigRule> = z.object({
  id: ruleIdSchema,
  name: ruleNameSchema.optional(),
  when: whenSchema,
  serve: serveSchema,
});

export const prerequisitesSchema = z
  .array(z.object({ flag: keySchema, variants: z.array(z.string()).min(1, "Choose a variant.").max(50) }))
  .max(20);

/** A flag's configuration in an environment, as it arrives from outside. */
export const configurationSchema: z.ZodType<FlagConfiguration> = z.object({
  on: z.boolean(),
  off: z.string(),
  prerequisites: prerequisitesSchema.optional(),
  targets: z.array(z.object({ variant: z.string(), ids: idsSchema })).max(50),
  rules: z.array(ruleSchema).max(200).superRefine(refuseRepeatedIds),
  serve: serveSchema,
});

/** A rule is named by its id: edits, results and reasons would mean any of those that share it. */
function refuseRepeatedIds(rules: readonly ConfigRule[], context: z.RefinementCtx): void {
  const firsts = new Map<string, number>();
  for (const [at, { id }] of rules.entries()) {
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, at);
    else {
      const message = `Rule ${at + 1} has the id of rule ${first + 1}, "${id}". Give each rule an id of its own.`;
      context.addIssue({ code: "custom", path: [at, "id"], message });
    }
  }
}

const texts = z.array(z.string());
const share = z.object({ salt: z.string(), parts: z.number() });

const storedSplit: z.ZodType<ConfigSplit> = z.object({
  by: z.string(),
  salt: z.string(),
  weights: z.array(z.object({ variant: z.string(), parts: z.number() })),
  share: share.optional(),
  layer: z.object({ key: z.string(), salt: z.string(), from: z.number(), to: z.number() }).optional(),
  holdouts: texts.optional(),
  experiment: z.string().optional(),
});
const storedServe: z.ZodType<ConfigServe> = z.union([
  z.object({ variant: z.string() }),
  z.object({ split: storedSplit }),
]);

const storedConfiguration: z.ZodType<FlagConfiguration> = z.object({
  on: z.boolean(),
  off: z.string(),
  prerequisites: z.array(z.object({ flag: z.string(), variants: texts })).optional(),
  targets: z.array(z.object({ variant: z.string(), ids: texts })),
  rules: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      when: z.array(storedConditionSchema),
      serve: storedServe,
    }),
  ),
  serve: storedServe,
});

/** Reads what is served from a JSON column, as `readConfiguration` does. @throws z.ZodError where it holds something else */
export function readServe(json: unknown): ConfigServe {
  return storedServe.parse(json);
}

/**
 * Reads a configuration from a JSON column: the one place where one comes out of the database. It looks at its shape and
 * not at its bounds, so that what an older release let in can still be switched off.
 * @throws z.ZodError where the column holds something else: the database was written by hand
 */
export function readConfiguration(json: unknown): FlagConfiguration {
  return storedConfiguration.parse(json);
}
