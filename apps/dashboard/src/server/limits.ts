import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Bytes that a body may have. */
export const BODY_LIMITS = {
  /** Sign-in, and whatever else takes a body. */
  small: 16 * 1024,
  /** A change, from whom nobody has signed in as. */
  stranger: 64 * 1024,
  /** A change by somebody who has signed in: a segment of 100,000 ids of 80 characters. */
  person: 8 * 1024 ** 2,
};

const API = "/api/trpc/";

/** @param path without the query and without the path that the dashboard is served under */
export function bodyLimit(path: string, isSignedIn: () => boolean): number {
  if (!path.startsWith(API)) return BODY_LIMITS.small;
  return isSignedIn() ? BODY_LIMITS.person : BODY_LIMITS.stranger;
}

const COOKIE = /(?:^|;\s*)(?:__Secure-)?better-auth\.session_token=([^;\s]+)/;

/**
 * Whether the request shows a session cookie that this product has signed. That is no sign-in (the session may have
 * ended): it only tells whose large body is worth reading before the database is asked.
 */
export function showsSession(request: IncomingMessage, secret: string): boolean {
  const value = COOKIE.exec(request.headers.cookie ?? "")?.[1];
  if (value === undefined) return false;
  const text = decode(value);
  const dot = text.lastIndexOf(".");
  const given = Buffer.from(text.slice(dot + 1), "base64");
  const wanted = createHmac("sha256", secret)
    .update(text.slice(0, Math.max(dot, 0)))
    .digest();
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
