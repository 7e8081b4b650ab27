import { describeParts } from "@telltale/configuration";
import { z } from "zod";

/** An experiment's arm: a variant with its weight in parts of 100,000. The first arm is the control. */
export interface Arm {
  variant: string;
  parts: number;
}

export const armsSchema: z.ZodType<Arm[]> = z
  .array(z.object({ variant: z.string().min(1), parts: z.int().min(1).max(100_000) }))
  .min(2, "An experiment needs a control and at least one other arm.")
  .max(10)
  .refine((arms) => arms.reduce((sum, arm) => sum + arm.parts, 0) === 100_000, "The arms' shares must add up to 100 %.")
  .refine((arms) => new Set(arms.map((arm) => arm.variant)).size === arms.length, "Each variant can be an arm once.");

/** Arms as stored. */
export function readArms(json: unknown): Arm[] {
  return armsSchema.parse(json);
}

/** Arms in words: "off 50 %, on 50 %". */
export function describeArms(arms: Arm[]): string {
  return arms.map((arm) => `${arm.variant} ${describeParts(arm.parts)}`).join(", ");
}
