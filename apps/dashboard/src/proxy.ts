import { type NextRequest, NextResponse } from "next/server";

/** Layouts do not know their path; the guard needs it to bring people back after signing in. */
export const PATH_HEADER = "x-telltale-path";

export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/((?!api/|_next/|livez|icon).*)"] };
