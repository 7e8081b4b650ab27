import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.url("Set DATABASE_URL to a PostgreSQL connection string."),
  CLICKHOUSE_URL: z.url("Set CLICKHOUSE_URL to http://user:password@host:port/database."),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export type Env = z.infer<typeof schema>;

/** The worker's settings, read once. @throws with one sentence for each bad setting */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join(" "));
}
