/** The path that the dashboard is served under, like `/telltale`; mostly none. Known when it is built. */
// biome-ignore lint/style/noProcessEnv: the bundler puts the value in the place of this expression
export const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? "";

/** The address of one of our own paths, for what does not know of `BASE_PATH` by itself: fetch, forms, locations. */
export function withBasePath(path: string): string {
  return BASE_PATH + path;
}

/** Where a form goes that only works with scripts, for when they are not there yet: refused, with a sentence. */
export const NEEDS_SCRIPTS = { method: "post", action: withBasePath("/api/needs-scripts") } as const;
