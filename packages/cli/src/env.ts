/** What the command reads from its environment. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): { url: string | undefined; key: string | undefined } {
  return { url: env.TELLTALE_URL, key: env.TELLTALE_KEY };
}
