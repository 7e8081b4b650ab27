import { z } from "zod";
import { conditionSchema, storedConditionSchema } from "../flag/condition-schema.ts";
import type { ConfigCondition } from "../flag/configuration.ts";
import { idsSchema } from "../keys.ts";

/** A segment as the control plane keeps it. A type and no interface, so that it is JSON. */
export type SegmentDefinition = {
  included: string[];
  excluded: string[];
  rules: ConfigCondition[][];
};

/** A segment with what people call it. */
export interface DescribedSegment {
  name: string;
  description: string;
  definition: SegmentDefinition;
}

export const segmentRuleSchema = z.array(conditionSchema).min(1).max(50);

/** A segment's definition, as it arrives from outside. */
export const segmentSchema: z.ZodType<SegmentDefinition> = z.object({
  included: idsSchema,
  excluded: idsSchema,
  rules: z.array(segmentRuleSchema).max(100),
});

const texts = z.array(z.string());
const storedSegment: z.ZodType<SegmentDefinition> = z.object({
  included: texts,
  excluded: texts,
  rules: z.array(z.array(storedConditionSchema)),
});

/**
 * Reads a segment's definition from a JSON column: its shape, and not its bounds.
 * @throws z.ZodError where the column holds something else
 */
export function readSegmentDefinition(json: unknown): SegmentDefinition {
  return storedSegment.parse(json);
}
