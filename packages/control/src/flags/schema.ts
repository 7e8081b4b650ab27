import { isUsable } from "@telltale/evaluator";
import type { ConfigCondition, ConfigServe, FlagConfiguration } from "@telltale/ruleset";
import { z } from "zod";

/** Keys of flags, variants, segments, experiments: what is safe in URLs, code and files. */
export const keySchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,79}$/i,
    "A key has 1 to 80 letters, digits, dots, dashes or underscores and starts with a letter or digit.",
  );

const attribute = z.string().min(1, "Name an attribute.").max(100);
const text = z.string().max(500);
const many = <T extends z.ZodType>(item: T) => z.array(item).min(1, "Give at least one value.").max(10_000);
/** One type a list: a string never equals a number, and only lists of strings can be hashed for clients. */
const scalars = z.union([many(text), many(z.number()), many(z.boolean())]);

/** Texts that the operator can use, as the evaluator itself reads them. */
const usable = (op: string, problem: string) =>
  many(text.refine((value) => isUsable(op, value), { error: ({ input }) => `"${String(input)}" ${problem}.` }));
const versions = usable("semverEq", "is no version: write it as 1.2.3 or 1.2.3-beta.1");
const instant = z.union([z.string(), z.number()]).refine((value) => isUsable("before", value), {
  error: ({ input }) =>
    `"${String(input)}" is no time: write it as 2026-11-24T10:00:00Z, with an offset, or as epoch milliseconds.`,
});

export const conditionSchema: z.ZodType<ConfigCondition> = z.discriminatedUnion("op", [
  z.object({ attribute, op: z.enum(["in", "notIn"]), values: scalars }),
  z.object({
    attribute,
    op: z.enum(["contains", "notContains", "startsWith", "endsWith"]),
    values: many(text.min(1, "An empty text matches everything: give at least one character.")),
  }),
  z.object({ attribute, op: z.enum(["matches", "notMatches"]), values: usable("matches", "is no regular expression") }),
  z.object({ attribute, op: z.enum(["lt", "lte", "gt", "gte"]), values: z.array(z.number()).length(1) }),
  z.object({ attribute, op: z.literal("semverEq"), values: versions }),
  z.object({ attribute, op: z.enum(["semverLt", "semverLte", "semverGt", "semverGte"]), values: versions.length(1) }),
  z.object({ attribute, op: z.enum(["before", "after"]), values: z.array(instant).length(1) }),
  z.object({
    attribute,
    op: z.enum(["inCidr", "notInCidr"]),
    values: usable("inCidr", "is no IP address or block: write it as 10.0.0.0/8 or 2001:db8::/32"),
  }),
  z.object({ attribute, op: z.enum(["exists", "notExists"]) }),
  z.object({ op: z.enum(["inSegment", "notInSegment"]), segments: many(keySchema) }),
]);

const ID_LENGTH_MAX = 256;
const IDS_MAX = 100_000;

const id = z
  .string({ error: "An id is a text." })
  .min(1, "An id cannot be empty.")
  .max(ID_LENGTH_MAX, {
    error: ({ input }) =>
      `An id has ${ID_LENGTH_MAX} characters at most${typeof input === "string" ? `; this one has ${input.length}` : ""}.`,
  });

/** Listed ids: of a segment, of a flag's targets. */
export const idsSchema = z
  .array(id)
  .max(IDS_MAX, `A list holds ${IDS_MAX.toLocaleString("en")} ids at most. Use a rule instead.`);

const parts = z.int("Shares are whole thousandths of a percent.").min(0).max(100_000);

const serveSchema: z.ZodType<ConfigServe> = z.union([
  z.object({ variant: z.string() }),
  z.object({
    split: z.object({
      by: attribute,
      salt: z.string().min(1).max(100),
      weights: z
        .array(z.object({ variant: z.string(), parts }))
        .min(1)
        .max(50),
      share: z.object({ salt: z.string().min(1).max(100), parts }).optional(),
      layer: z.object({ key: keySchema, salt: z.string().min(1).max(100), from: parts, to: parts }).optional(),
      holdouts: z.array(keySchema).max(100).optional(),
      experiment: z.string().optional(),
    }),
  }),
]);

/** A flag's configuration in an environment, as it arrives from outside. */
export const configurationSchema: z.ZodType<FlagConfiguration> = z.object({
  on: z.boolean(),
  off: z.string(),
  prerequisites: z
    .array(z.object({ flag: keySchema, variants: z.array(z.string()).min(1, "Choose a variant.").max(50) }))
    .max(20)
    .optional(),
  targets: z.array(z.object({ variant: z.string(), ids: idsSchema })).max(50),
  rules: z
    .array(
      z.object({
        id: z.string().min(1).max(100),
        name: z.string().max(200).optional(),
        when: z.array(conditionSchema).max(50),
        serve: serveSchema,
      }),
    )
    .max(200),
  serve: serveSchema,
});
