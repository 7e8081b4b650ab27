import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface Credentials {
  user: string;
  password: string;
}

/** Credentials of a request: ClickHouse's own headers, basic authentication, or URL parameters. */
export function credentialsOf(request: IncomingMessage, url: URLSearchParams): Credentials | undefined {
  const user = header(request, "x-clickhouse-user");
  if (user !== undefined) return { user, password: header(request, "x-clickhouse-key") ?? "" };
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (encoded !== undefined) {
    const text = Buffer.from(encoded, "base64").toString("utf8");
    const colon = text.indexOf(":");
    return colon < 0 ? { user: text, password: "" } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  const name = url.get("user");
  return name === null ? undefined : { user: name, password: url.get("password") ?? "" };
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Compares in constant time. */
export function areEqual(a: Credentials, b: Credentials): boolean {
  const user = timingSafeEqual(digest(a.user), digest(b.user));
  const password = timingSafeEqual(digest(a.password), digest(b.password));
  return user && password;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (/^(::ffff:)?127\./.test(address) || address === "::1");
}
