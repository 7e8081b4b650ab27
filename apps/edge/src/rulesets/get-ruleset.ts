import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { problem } from "../problem.ts";
import { chooseEncoding, matchesEtag } from "./negotiate.ts";
import { payloadOf } from "./payload.ts";

/** Where rulesets are read: the ruleset reader's memory. */
export interface RulesetSource {
  current(environmentId: string, audience: "server" | "client"): CurrentRuleset | undefined;
}

/** GET /v1/ruleset: the document byte for byte as published, or 304. */
export async function getRuleset(request: Request, key: KeyInfo, source: RulesetSource): Promise<Response> {
  const ruleset = source.current(key.environmentId, key.audience);
  if (!ruleset) {
    return problem("no-ruleset", "Nothing was published in this environment yet.", { "retry-after": "5" });
  }
  const headers: Record<string, string> = {
    etag: ruleset.etag,
    "cache-control": "private, no-cache",
    vary: "Authorization, Accept-Encoding, Origin",
  };
  if (matchesEtag(request.headers.get("if-none-match"), ruleset.etag))
    return new Response(null, { status: 304, headers });
  const encoding = chooseEncoding(request.headers.get("accept-encoding"));
  headers["content-type"] = "application/json";
  if (encoding !== "identity") headers["content-encoding"] = encoding;
  const body = await payloadOf(ruleset).body(encoding);
  return new Response(body, { headers });
}
