import { type NextRequest, NextResponse } from "next/server";

/** Layouts do not know their path; the guard needs it to bring people back after signing in. */
export const PATH_HEADER = "x-telltale-path";

const POLICY_HEADER = "content-security-policy";

export function proxy(request: NextRequest): NextResponse {
  const policy = scriptPolicy(btoa(crypto.randomUUID()));
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set(POLICY_HEADER, policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set(POLICY_HEADER, policy);
  return response;
}

/** Only scripts that carry this answer's nonce, and what they load, may run. Styles may stand in the page. */
function scriptPolicy(nonce: string): string {
  // biome-ignore lint/style/noProcessEnv: replaced by the bundler; React needs eval for its messages in development
  const inDevelopment = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${inDevelopment}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = { matcher: ["/((?!api/|_next/|livez|readyz|icon).*)"] };
