import { type NextRequest, NextResponse } from "next/server";
import { env } from "./env.ts";
import { newVisitor, VISITOR_COOKIE, VISITOR_HEADER } from "./visitor.ts";

const YEAR_S = 31_536_000;

/** Before each page: gives the browser a visitor to be, and the page a policy under which only its scripts run. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = policyOf(nonce, new URL(env().edgeUrl).origin);
  const remembered = request.cookies.get(VISITOR_COOKIE)?.value;
  const visitor = remembered || newVisitor();
  const headers = new Headers(request.headers);
  headers.set(VISITOR_HEADER, encodeURIComponent(visitor));
  // Next reads the nonce from here and puts it on the scripts it writes.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "no-referrer");
  if (!remembered) {
    response.cookies.set(VISITOR_COOKIE, visitor, { maxAge: YEAR_S, sameSite: "lax", httpOnly: true });
  }
  return response;
}

function policyOf(nonce: string, edge: string): string {
  // biome-ignore lint/style/noProcessEnv: Next's own switch; its development tools evaluate text and open a socket
  const isDevelopment = process.env.NODE_ENV === "development";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    // The theme's colour is a style attribute.
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${edge}${isDevelopment ? " ws:" : ""}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = { matcher: ["/((?!_next/|livez|icon).*)"] };
