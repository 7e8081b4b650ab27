import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(4402),
  HOST: z.string().min(1).default("127.0.0.1"),
  EDGE_URL: httpUrl.default("http://localhost:4401"),
  DASHBOARD_URL: httpUrl.default("http://localhost:4400"),
  CLIENT_KEY: z.string().regex(/^\S+$/, "must be one word"),
});

/** What the page learns from GET /config.json; the client key is public by design. */
export interface ShopConfig {
  edgeUrl: string;
  clientKey: string;
  dashboardUrl: string;
}

export interface StorefrontEnv {
  port: number;
  host: string;
  config: ShopConfig;
}

/** The storefront's settings, or one sentence that names every wrong one. */
export function readEnv(
  source: Record<string, string | undefined> = process.env,
): StorefrontEnv | { sentence: string } {
  // An empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const { success, data, error } = schema.safeParse(given);
  if (success) {
    const config = { edgeUrl: data.EDGE_URL, clientKey: data.CLIENT_KEY, dashboardUrl: data.DASHBOARD_URL };
    return { port: data.PORT, host: data.HOST, config };
  }
  const faults = error.issues.map((issue) => {
    const name = issue.path.join(".");
    return given[name] === undefined ? `${name} is not set` : `${name} ${issue.message}`;
  });
  const hint = "CLIENT_KEY is a client SDK key of the environment the shop should follow.";
  return { sentence: `The storefront cannot start, its environment is wrong: ${faults.join("; ")}. ${hint}` };
}
