import { z } from "zod";

const schema = z.object({
  DASHBOARD_URL: z.url(),
  EDGE_URL: z.url(),
  SERVER_KEY: z.string().min(1),
  /** Address of the project. */
  PROJECT: z.string().min(1),
  OWNER_EMAIL: z.string().min(1),
  OWNER_PASSWORD: z.string().min(1),
});

/** Where the incident happens, and as whom; `npm run incident` says it. @throws z.ZodError where something is missing */
export function readEnv(): z.output<typeof schema> {
  return schema.parse(process.env);
}
