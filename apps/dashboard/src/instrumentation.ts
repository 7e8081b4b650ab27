/** Called once when the server starts: settings that are wrong end it now, not at the first request. */
export async function register(): Promise<void> {
  const { env, inNode } = await import("./env.ts");
  if (inNode) env();
}
