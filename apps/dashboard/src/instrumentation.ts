/** Called once when the server starts: settings that are wrong end it now, not at the first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the bundler must see the expression itself to leave the rest out elsewhere
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { env } = await import("./env.ts");
  env();
}
