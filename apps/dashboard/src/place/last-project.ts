/** Where the address of the project that somebody was in last is kept, for the front page to lead there. */
export const LAST_PROJECT_COOKIE = "telltale-project";
const YEAR_S = 31_536_000;

/** Remembers the project; an address has no letters that a cookie could not hold. */
export function rememberProject(address: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `${LAST_PROJECT_COOKIE}=${address}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
