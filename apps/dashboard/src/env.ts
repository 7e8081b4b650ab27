import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.url("must be the PostgreSQL to use, like postgres://user:password@host:5432/telltale"),
  CLICKHOUSE_URL: z.url("must be the ClickHouse to use, like http://user:password@host:8123/telltale"),
  AUTH_SECRET: z.string("must be set").min(32, "must have at least 32 random characters; it signs the session cookies"),
  PUBLIC_URL: z.url("must be the address people open, like https://flags.example.com").default("http://localhost:4400"),
  EDGE_URL: z.url("must be the address SDKs ask, like https://edge.example.com").default("http://localhost:4401"),
  /** What the edge's GET /metrics wants to be shown, where it wants something. */
  METRICS_TOKEN: z.string().optional(),
});

export type Env = z.infer<typeof schema>;

let parsed: Env | undefined;

/** The settings of this process, parsed once; a bad one ends it with a sentence that says which and why. */
export function env(): Env {
  if (parsed) return parsed;
  const result = schema.safeParse(process.env);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    process.stderr.write(`The dashboard cannot start: ${problems.join("; ")}.\n`);
    process.exit(1);
  }
  parsed = result.data;
  return parsed;
}
