import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { problem } from "../problem.ts";
import { chooseEncoding, matchesEtag } from "./negotiate.ts";
import { payloadOf } from "./payload.ts";
import { type Schemas, schemaOf } from "./schemas.ts";

/** Where rulesets are read: the ruleset reader's memory. */
export interface RulesetSource {
  current(environmentId: string, audience: "server" | "client"): CurrentRuleset | undefined;
}

/** How old an outage may make an answer of a shared cache, seconds: a day. */
const STALE_IF_ERROR_S = 86_400;

/**
 * GET /v1/ruleset: the document byte for byte as published, or in an older schema that the SDK reads, or 304.
 * @param sharedMaxAgeS how long a CDN may answer client keys by itself; 0: never
 */
export async function getRuleset(
  request: Request,
  key: KeyInfo,
  schemas: Schemas,
  sharedMaxAgeS: number,
): Promise<Response> {
  const schema = schemaOf(request);
  if (schema instanceof Response) return schema;
  const ruleset = schemas.current(key.environmentId, key.audience, schema);
  if (!ruleset) {
    return problem("no-ruleset", "Nothing was published in this environment yet.", { "retry-after": "5" });
  }
  const encoding = chooseEncoding(request.headers.get("accept-encoding"));
  const headers: Record<string, string> = {
    // Weak for what is compressed: the same ruleset, other bytes.
    etag: encoding === "identity" ? ruleset.etag : `W/${ruleset.etag}`,
    "cache-control": cacheControl(key, sharedMaxAgeS),
    // The CORS headers bring Origin.
    vary: "Authorization, X-API-Key, Accept-Encoding",
  };
  if (matchesEtag(request.headers.get("if-none-match"), ruleset.etag))
    return new Response(null, { status: 304, headers });
  headers["content-type"] = "application/json";
  if (encoding !== "identity") headers["content-encoding"] = encoding;
  const body = await payloadOf(ruleset).body(encoding);
  return new Response(body, { headers });
}

/**
 * The key is in a header, so a shared cache must be told before it may keep an answer (RFC 9111, 3.5), and must hold
 * answers apart by it. Only for client keys, whose rulesets are public: a cache does not learn of revocations.
 */
function cacheControl(key: KeyInfo, sharedMaxAgeS: number): string {
  if (key.audience === "server" || sharedMaxAgeS === 0) return "private, no-cache";
  return `public, max-age=0, s-maxage=${sharedMaxAgeS}, stale-if-error=${STALE_IF_ERROR_S}`;
}
