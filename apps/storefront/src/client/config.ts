/** Where the page's flags come from and where they are edited. */
export interface PageConfig {
  edgeUrl: string;
  clientKey: string;
  dashboardUrl: string;
}

function isPageConfig(value: unknown): value is PageConfig {
  return (
    typeof value === "object" &&
    value !== null &&
    ["edgeUrl", "clientKey", "dashboardUrl"].every((name) => typeof Reflect.get(value, name) === "string")
  );
}

/** Asks the shop's own server; undefined when it does not answer as it should. */
export async function loadConfig(ask: typeof fetch = fetch): Promise<PageConfig | undefined> {
  try {
    const answer = await ask("/config.json");
    const value: unknown = answer.ok ? await answer.json() : undefined;
    return isPageConfig(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
