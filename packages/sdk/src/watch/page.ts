import type { WatchedClient } from "./watch.ts";

/**
 * Observes an `error` for each exception and rejection that nobody caught in this page, and each `fetch` that failed or
 * was answered 500 or above; the client's own requests and those that the page gave up are left out. Call the answer to stop.
 */
export function watchPage(watched: Pick<WatchedClient, "observe" | "url">): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const fail = () => signal.aborted || watched.observe("error");
  for (const event of ["error", "unhandledrejection"]) globalThis.addEventListener?.(event, fail, { signal });
  const before = globalThis.fetch;
  const observed: typeof fetch = async (input, init) => {
    const isOurs = String(Object(input).url ?? input).startsWith(`${watched.url}/v1/`);
    try {
      const response = await before(input, init);
      if (response.status >= 500 && !isOurs) fail();
      return response;
    } catch (cause) {
      if (Object(cause).name !== "AbortError" && !isOurs) fail();
      throw cause;
    }
  };
  globalThis.fetch = observed;
  return () => {
    controller.abort();
    // Somebody else may have wrapped it since.
    if (globalThis.fetch === observed) globalThis.fetch = before;
  };
}
