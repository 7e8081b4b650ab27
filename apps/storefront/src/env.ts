import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });

const schema = z.object({
  EDGE_URL: httpUrl.default("http://localhost:4401"),
  EDGE_INTERNAL_URL: httpUrl.optional(),
  DASHBOARD_URL: httpUrl.default("http://localhost:4400"),
  CLIENT_KEY: z
    .string({ error: "is not set: it is a client SDK key of the environment the shop should follow" })
    .regex(/^\S+$/, "must be one word"),
});

/** Where the shop's flags come from and where they are edited. The client key is public by design. */
export interface StorefrontEnv {
  /** The edge that browsers ask. */
  edgeUrl: string;
  /** The edge that this server asks. */
  internalEdgeUrl: string;
  dashboardUrl: string;
  clientKey: string;
}

/** The storefront's settings, or one sentence that names every wrong one. */
export function readEnv(
  source: Record<string, string | undefined> = process.env,
): StorefrontEnv | { sentence: string } {
  // An empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const { success, data, error } = schema.safeParse(given);
  if (success) {
    const { EDGE_URL: edgeUrl, EDGE_INTERNAL_URL: internalEdgeUrl = edgeUrl } = data;
    return { edgeUrl, internalEdgeUrl, dashboardUrl: data.DASHBOARD_URL, clientKey: data.CLIENT_KEY };
  }
  const faults = error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  return { sentence: `The storefront cannot start, its environment is wrong: ${faults.join("; ")}.` };
}

let parsed: StorefrontEnv | undefined;

/** The settings of this process, parsed once, as every request asks; wrong ones end it with the sentence. */
export function env(): StorefrontEnv {
  if (parsed) return parsed;
  const read = readEnv();
  if ("sentence" in read) {
    process.stderr.write(`${read.sentence}\n`);
    process.exit(1);
  }
  parsed = read;
  return parsed;
}
