/** Called once when the server starts: wrong settings end it now, and the flags are there before the first page. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the bundler must see the expression itself to leave the rest out elsewhere
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { followFlags } = await import("./telltale.ts");
  followFlags();
}
