import { createHash } from "node:crypto";
import type { EvaluationContext } from "@telltale/evaluator";
import { prepareSubject } from "@telltale/evaluator";
import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import type { Admission } from "../admission/admission.ts";
import { Bodies } from "../admission/bodies.ts";
import { readBody } from "../ingest/read-body.ts";
import { CONTEXT_BYTES_MAX } from "../limits.ts";
import { problem } from "../problem.ts";
import type { RulesetSource } from "../rulesets/get-ruleset.ts";
import { matchesEtag } from "../rulesets/negotiate.ts";
import { answersOf, type Decidable, decidableOf, evaluateFlag } from "./evaluate.ts";
import { canonicalContext, readContext } from "./read-context.ts";

/** What OFREP's answers are made of: rulesets, and turns on the event loop, which no request has to itself. */
export interface OfrepOptions {
  source: RulesetSource;
  admission: Pick<Admission, "turns" | "busy">;
}

/**
 * POST /ofrep/v1/evaluate/flags/{key}: one flag for the context in the body.
 * Errors of an evaluation carry the flag's key and OpenFeature's code, as clients report them by it.
 */
export async function answerFlag(
  request: Request,
  key: KeyInfo,
  flag: string,
  options: OfrepOptions,
): Promise<Response> {
  return withBody(request, options, (bytes, turns) =>
    turns.run(() => {
      const asked = readQuestion(bytes, key, options.source, flag);
      if (asked instanceof Response) return asked;
      const answer = evaluateFlag(asked.decidable, key.audience, flag, prepareSubject(asked.context));
      if (!("errorCode" in answer)) return json(answer, 200);
      return json(answer, answer.errorCode === "FLAG_NOT_FOUND" ? 404 : 400);
    }),
  );
}

/** POST /ofrep/v1/evaluate/flags: all flags for the context in the body, in as many turns as they need. */
export async function answerAll(request: Request, key: KeyInfo, options: OfrepOptions): Promise<Response> {
  const known = request.headers.get("if-none-match");
  return withBody(request, options, (bytes, turns) => {
    const answering = turns.runAll(answerInSteps(bytes, key, options.source, known));
    if (answering === "full") return "full";
    return answering.then(({ taken, result }) =>
      result instanceof Response
        ? result
        : json(`{"flags":[${taken.join()}],"metadata":{"version":${result.version}}}`, 200, result.headers),
    );
  });
}

/**
 * The answers as texts, one after the other, then their version and headers; or an answer that needs none of them.
 * The entity tag stands for the context as well as the ruleset: web providers keep it as long as the targeting key
 * stays, whatever else in the context changes.
 */
function* answerInSteps(bytes: Uint8Array, key: KeyInfo, source: RulesetSource, known: string | null) {
  const question = readQuestion(bytes, key, source);
  if (question instanceof Response) return question;
  const { ruleset, decidable, context } = question;
  const digest = createHash("sha256").update(key.audience).update(ruleset.etag).update(canonicalContext(context));
  const headers = { etag: `"${digest.digest("base64url")}"` };
  if (matchesEtag(known, headers.etag)) return new Response(null, { status: 304, headers });
  for (const answer of answersOf(decidable, key.audience, context)) yield JSON.stringify(answer);
  return { version: ruleset.version, headers };
}

/** Contexts under way, all requests together. */
const contexts = new Bodies(256 * CONTEXT_BYTES_MAX);

/** Reads the body, and does the work with it when its turn comes. */
async function withBody(
  request: Request,
  { admission }: OfrepOptions,
  work: (bytes: Uint8Array, turns: Admission["turns"]) => Promise<Response> | "full",
): Promise<Response> {
  const body = await readBody(request, CONTEXT_BYTES_MAX, contexts);
  if (body === "too-large") {
    const detail = `A context may have ${CONTEXT_BYTES_MAX} bytes. Send only attributes that rules ask for.`;
    return problem("too-large", detail);
  }
  if (typeof body === "string") return problem("busy", "Too many contexts are under way. Send the request again.");
  try {
    const answer = work(body.bytes, admission.turns);
    return answer === "full" ? admission.busy("turns") : await answer;
  } finally {
    body.hold.release();
  }
}

interface Question {
  ruleset: CurrentRuleset;
  decidable: Decidable;
  context: EvaluationContext;
}

function readQuestion(bytes: Uint8Array, key: KeyInfo, source: RulesetSource, flag?: string): Question | Response {
  const read = readContext(bytes);
  if ("errorCode" in read) return json({ ...(flag !== undefined && { key: flag }), ...read }, 400);
  // The server's, for client keys too: rules of flags that the edge evaluates for clients are in no other.
  const ruleset = source.current(key.environmentId, "server");
  if (!ruleset) return problem("no-ruleset", "Nothing was published in this environment yet.", { "retry-after": "5" });
  const decidable = decidableOf(ruleset);
  if (!decidable) return problem("internal", "This edge is too old for the environment's ruleset. Update it.");
  return { ruleset, decidable, context: read.context };
}

/** @param body a text that is JSON already, or what becomes one */
function json(body: string | object, status: number, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
