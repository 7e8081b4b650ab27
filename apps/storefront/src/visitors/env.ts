import { z } from "zod";

const schema = z.object({
  EDGE_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
    .default("http://localhost:4401"),
  SERVER_KEY: z
    .string({ error: "is not set: it is a server SDK key of the environment to visit" })
    .regex(/^\S+$/, "must be one word"),
});

/** Where the visitors go, or one sentence that says what is wrong. */
export function readEnv(
  source: Record<string, string | undefined> = process.env,
): { edgeUrl: string; serverKey: string } | { sentence: string } {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const { success, data, error } = schema.safeParse(given);
  if (success) return { edgeUrl: data.EDGE_URL, serverKey: data.SERVER_KEY };
  const faults = error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  return { sentence: `The visitors cannot start: ${faults.join("; ")}.` };
}
