import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether `Authorization: Bearer <token>` shows one of these tokens of the edge's settings. Digests are compared, so
 * that neither a token's length nor its beginning shows in the time it takes.
 */
export function showsToken(headers: Headers, tokens: readonly string[]): boolean {
  const shown = digest(/^Bearer +(\S{1,200})$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "");
  return tokens.filter((token) => timingSafeEqual(digest(token), shown)).length > 0;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
