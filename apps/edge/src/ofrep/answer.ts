import { createHash } from "node:crypto";
import type { EvaluationContext } from "@telltale/evaluator";
import type { KeyInfo } from "@telltale/ruleset/read";
import { Bodies } from "../admission/bodies.ts";
import { readBody } from "../ingest/read-body.ts";
import { problem } from "../problem.ts";
import type { RulesetSource } from "../rulesets/get-ruleset.ts";
import { matchesEtag } from "../rulesets/negotiate.ts";
import { decidableOf, evaluateAll, evaluateFlag } from "./evaluate.ts";

/** Bytes of a context; more answers 413. */
const BODY_BYTES_MAX = 65_536;

/**
 * POST /ofrep/v1/evaluate/flags/{key}: one flag for the context in the body.
 * Errors of an evaluation carry the flag's key and OpenFeature's code, as clients report them by it.
 */
export async function answerFlag(
  request: Request,
  key: KeyInfo,
  flag: string,
  source: RulesetSource,
): Promise<Response> {
  const asked = await read(request, key, source, flag);
  if (asked instanceof Response) return asked;
  const answer = evaluateFlag(asked.decidable, key.audience, flag, asked.context);
  if (!("errorCode" in answer)) return json(answer, 200);
  return json(answer, answer.errorCode === "FLAG_NOT_FOUND" ? 404 : 400);
}

/**
 * POST /ofrep/v1/evaluate/flags: all flags for the context in the body. The entity tag stands for the context as well
 * as the ruleset: web providers keep it as long as the targeting key stays, whatever else in the context changes.
 */
export async function answerAll(request: Request, key: KeyInfo, source: RulesetSource): Promise<Response> {
  const asked = await read(request, key, source);
  if (asked instanceof Response) return asked;
  const { ruleset, decidable, context } = asked;
  const digest = createHash("sha256").update(key.audience).update(ruleset.etag).update(canonical(context));
  const headers = { etag: `"${digest.digest("base64url")}"` };
  if (matchesEtag(request.headers.get("if-none-match"), headers.etag))
    return new Response(null, { status: 304, headers });
  return json(
    { flags: evaluateAll(decidable, key.audience, context), metadata: { version: ruleset.version } },
    200,
    headers,
  );
}

/** Contexts under way, all requests together. */
const contexts = new Bodies(256 * BODY_BYTES_MAX);

async function read(request: Request, key: KeyInfo, source: RulesetSource, flag?: string) {
  const body = await readBody(request, BODY_BYTES_MAX, contexts);
  if (body === "too-large") {
    return problem("too-large", `A context may have ${BODY_BYTES_MAX} bytes. Send only attributes that rules ask for.`);
  }
  if (typeof body === "string") return problem("busy", "Too many contexts are under way. Send the request again.");
  body.hold.release();
  const refuse = (errorCode: "PARSE_ERROR" | "INVALID_CONTEXT", errorDetails: string) =>
    json({ ...(flag !== undefined && { key: flag }), errorCode, errorDetails }, 400);
  let sent: unknown;
  try {
    sent = JSON.parse(Buffer.from(body.bytes).toString("utf8"));
  } catch {
    return refuse("PARSE_ERROR", 'The body is no JSON. Send {"context": {"targetingKey": "…"}}.');
  }
  const context = isRecord(sent) ? (sent.context ?? {}) : undefined;
  if (!isRecord(context)) {
    return refuse("INVALID_CONTEXT", 'The context must be an object: {"context": {"targetingKey": "…"}}.');
  }
  // The server's, for client keys too: rules of flags that the edge evaluates for clients are in no other.
  const ruleset = source.current(key.environmentId, "server");
  if (!ruleset) return problem("no-ruleset", "Nothing was published in this environment yet.", { "retry-after": "5" });
  const decidable = decidableOf(ruleset);
  if (!decidable) return problem("internal", "This edge is too old for the environment's ruleset. Update it.");
  return { ruleset, decidable, context: context as EvaluationContext };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The same text for the same context, whatever the order of its attributes. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function json(body: unknown, status: number, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}
