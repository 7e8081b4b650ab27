import type { z } from "zod";
import { invalid } from "./door/error.ts";

/**
 * Refuses a change that brings what is within its schema's bounds out of them: many small edits could, each of which is
 * within them. What an older release let in may still be changed.
 * @throws ControlError INVALID
 */
export function refuseGrowth(schema: z.ZodType, before: unknown, after: unknown): void {
  const read = schema.safeParse(after);
  if (read.success || !schema.safeParse(before).success) return;
  throw invalid(read.error.issues.slice(0, 10).map(({ path, message }) => `${path.join(".")}: ${message}`));
}
