import { z } from "zod";

/** Keys of flags, variants, segments, experiments: what is safe in URLs, code and files. */
export const keySchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,79}$/i,
    "A key has 1 to 80 letters, digits, dots, dashes or underscores and starts with a letter or digit.",
  );

/** What people call a thing. */
export const nameSchema = z.string().trim().min(1, "Give it a name.").max(200);
/** What people say of it. */
export const descriptionSchema = z.string().max(2_000);

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
