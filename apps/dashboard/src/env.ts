import { z } from "zod";

const publicUrl = z.url({
  protocol: /^https?$/,
  error: "must be the address people open, like https://flags.example.com or https://example.com/telltale",
});

const schema = z.object({
  DATABASE_URL: z.url("must be the PostgreSQL to use, like postgres://user:password@host:5432/telltale"),
  CLICKHOUSE_URL: z.url("must be the ClickHouse to use, like http://user:password@host:8123/telltale"),
  AUTH_SECRET: z.string("must be set").min(32, "must have at least 32 random characters; it signs the session cookies"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(1).max(65_535).default(4400),
  /** Where people open the dashboard. Without it: this machine's names at `PORT`. */
  PUBLIC_URL: publicUrl.optional(),
  /** Proxies whose `X-Forwarded-For` counts: addresses and networks, with commas between. */
  TRUSTED_PROXIES: z
    .string()
    .default("")
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== "")),
  EDGE_URL: z.url("must be the address SDKs ask, like https://edge.example.com").default("http://localhost:4401"),
  /** Where this server asks the edge for its health, if that is not the address that SDKs use. */
  EDGE_INTERNAL_URL: z.url("must be an address of an edge, like http://10.0.0.5:4401").optional(),
  /** What the edge's GET /metrics wants to be shown, where it wants something. */
  METRICS_TOKEN: z.string().optional(),
});

export type Env = z.infer<typeof schema> & {
  /** The path of `PUBLIC_URL`, without a slash at its end. */
  BASE_PATH: string;
};

let parsed: Env | undefined;

/** The settings of this process, parsed once; a bad one ends it with a sentence that says which and why. */
export function env(): Env {
  if (parsed) return parsed;
  // An empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    process.stderr.write(`The dashboard cannot start: ${problems.join("; ")}.\n`);
    process.exit(1);
  }
  const { PUBLIC_URL } = result.data;
  const BASE_PATH = PUBLIC_URL === undefined ? "" : new URL(PUBLIC_URL).pathname.replace(/\/+$/, "");
  parsed = { ...result.data, BASE_PATH };
  return parsed;
}
