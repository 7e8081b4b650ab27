import { retryAfter } from "../admission/retry-after.ts";
import { problem } from "../problem.ts";
import { schemaOf } from "../rulesets/schemas.ts";
import type { StreamHub, Subscriber } from "./hub.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store, no-transform",
  // nginx would hold events back otherwise.
  "x-accel-buffering": "no",
};

/**
 * GET /v1/stream: server-sent events, one `ruleset` event for each version the client does not have, or, where it asks
 * for them by `?patches` and has the version before, one `patch` event.
 */
export function openStream(
  request: Request,
  who: Pick<Subscriber, "key" | "keyHash">,
  hub: StreamHub,
  destroy: (() => void) | undefined,
): Response {
  const schema = schemaOf(request);
  if (schema instanceof Response) return schema;
  if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
  if (hub.full) {
    const detail = "This edge has as many streams as it may hold. Try again, or poll /v1/ruleset.";
    return problem("busy", detail, { "retry-after": "5" });
  }
  if (hub.hasEnough(who.key)) {
    const detail =
      "Your organisation has most of this edge's streams, and few are left. Try again later, or poll /v1/ruleset.";
    return problem("too-many-requests", detail, { "retry-after": retryAfter(5) });
  }
  const lastEventId = request.headers.get("last-event-id") ?? "";
  const lastVersion = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
  const takesPatches = new URL(request.url).searchParams.has("patches");
  const subscriber = { ...who, origin: request.headers.get("origin"), takesPatches, schema };
  return new Response(hub.subscribe(subscriber, lastVersion, destroy), { headers: HEADERS });
}
