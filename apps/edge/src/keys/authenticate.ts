import { createHash } from "node:crypto";
import type { KeyInfo } from "@telltale/ruleset/read";
import { problem } from "../problem.ts";

/** Where keys are looked up: the ruleset reader's memory. */
export interface KeySource {
  keyByHash(hash: string): KeyInfo | undefined;
  /** Whether the control plane's database answered lately. */
  healthy(): boolean;
}

export type Authentication = { key: KeyInfo; hash: string } | { refusal: Response };

const BEARER = /^Bearer +([^\s]{1,200})$/i;

/**
 * Finds the key behind `Authorization: Bearer <key>` or `X-API-Key: <key>` (OFREP clients send either, and proxies may
 * add an Authorization of another scheme); keys are compared by their sha-256, never in clear.
 */
export function authenticate(headers: Headers, source: KeySource): Authentication {
  const authorization = headers.get("authorization") ?? "";
  const shown = /^Bearer\b/i.test(authorization) ? authorization : `Bearer ${headers.get("x-api-key") ?? ""}`;
  const secret = BEARER.exec(shown)?.[1];
  if (secret === undefined) {
    const detail = "Send the environment's SDK key as “Authorization: Bearer <key>”.";
    return { refusal: problem("no-key", detail, { "www-authenticate": "Bearer" }) };
  }
  const hash = createHash("sha256").update(secret).digest("hex");
  const key = source.keyByHash(hash);
  if (key === undefined) {
    if (!source.healthy()) {
      const detail = "This key is not known here and new keys cannot be read at the moment. Try again shortly.";
      return { refusal: problem("control-plane-away", detail, { "retry-after": "5" }) };
    }
    const detail =
      "This SDK key is unknown or was revoked. Make a new one on the dashboard's page “SDK keys”: it can be copied there when it is made, once. “npm start” prints those of its demo.";
    return { refusal: problem("unknown-key", detail, { "www-authenticate": 'Bearer error="invalid_token"' }) };
  }
  const origin = headers.get("origin");
  if (!takesOrigin(key, origin)) {
    const detail = `This client key may not be used from ${origin}. A key's origins are chosen when it is created: create one for this origin too (key.create).`;
    return { refusal: problem("origin-refused", detail) };
  }
  return { key, hash };
}

/** Whether the key may be used from a page of this origin; where no browser says one, there is nothing to check. */
function takesOrigin(key: KeyInfo, origin: string | null): boolean {
  return key.audience !== "client" || origin === null || key.origins.length === 0 || key.origins.includes(origin);
}

/** Whether what was opened with a key may stay open now that keys have changed. */
export function keyStands(
  opened: { key: KeyInfo; keyHash: string; origin: string | null },
  source: Pick<KeySource, "keyByHash">,
): boolean {
  const key = source.keyByHash(opened.keyHash);
  if (!key || !takesOrigin(key, opened.origin)) return false;
  return key.environmentId === opened.key.environmentId && key.audience === opened.key.audience;
}
