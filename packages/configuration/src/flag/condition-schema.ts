import { isUsable } from "@telltale/evaluator";
import { z } from "zod";
import { keySchema } from "../keys.ts";
import type { ConfigCondition } from "./configuration.ts";

export const attributeSchema = z.string().min(1, "Name an attribute.").max(100);
const attribute = attributeSchema;
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

const scalarOps = z.enum(["in", "notIn"]);
const partOps = z.enum(["contains", "notContains", "startsWith", "endsWith"]);
const patternOps = z.enum(["matches", "notMatches"]);
const numberOps = z.enum(["lt", "lte", "gt", "gte"]);
const versionOp = z.literal("semverEq");
const versionOps = z.enum(["semverLt", "semverLte", "semverGt", "semverGte"]);
const timeOps = z.enum(["before", "after"]);
const networkOps = z.enum(["inCidr", "notInCidr"]);
const presenceOps = z.enum(["exists", "notExists"]);
const segmentOps = z.enum(["inSegment", "notInSegment"]);

/** A condition as it arrives from outside, with its bounds. */
export const conditionSchema: z.ZodType<ConfigCondition> = z.discriminatedUnion("op", [
  z.object({ attribute, op: scalarOps, values: scalars }),
  z.object({
    attribute,
    op: partOps,
    values: many(text.min(1, "An empty text matches everything: give at least one character.")),
  }),
  z.object({ attribute, op: patternOps, values: usable("matches", "is no regular expression") }),
  z.object({ attribute, op: numberOps, values: z.array(z.number()).length(1) }),
  z.object({ attribute, op: versionOp, values: versions }),
  z.object({ attribute, op: versionOps, values: versions.length(1) }),
  z.object({ attribute, op: timeOps, values: z.array(instant).length(1) }),
  z.object({
    attribute,
    op: networkOps,
    values: usable("inCidr", "is no IP address or block: write it as 10.0.0.0/8 or 2001:db8::/32"),
  }),
  z.object({ attribute, op: presenceOps }),
  z.object({ op: segmentOps, segments: many(keySchema) }),
]);

const [name, texts] = [z.string(), z.array(z.string())];

/**
 * A condition as it was stored: its shape alone. Bounds may have become narrower since, and what is published must stay
 * readable.
 */
export const storedConditionSchema: z.ZodType<ConfigCondition> = z.discriminatedUnion("op", [
  z.object({ attribute: name, op: scalarOps, values: z.array(z.union([z.string(), z.number(), z.boolean()])) }),
  z.object({
    attribute: name,
    op: z.enum([...partOps.options, ...patternOps.options, ...networkOps.options]),
    values: texts,
  }),
  z.object({ attribute: name, op: numberOps, values: z.array(z.number()) }),
  z.object({ attribute: name, op: z.enum([...versionOps.options, versionOp.value]), values: texts }),
  z.object({ attribute: name, op: timeOps, values: z.array(z.union([z.string(), z.number()])) }),
  z.object({ attribute: name, op: presenceOps }),
  z.object({ op: segmentOps, segments: texts }),
]);
