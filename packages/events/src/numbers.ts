import { z } from "zod";

/**
 * A number in an answer. Servers write 64-bit integers as text or not, by a setting; a number that is not finite
 * arrives as null and is refused here rather than read as 0.
 */
export const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)
    .transform(Number),
]);
