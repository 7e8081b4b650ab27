import type { ServerResponse } from "node:http";

/** A year, as browsers' lists ask for. Subdomains are somebody else's to decide. */
const HSTS = "max-age=31536000";

/** Headers of every answer, by whichever handler. Pages add their policy for scripts (`proxy.ts`). */
export function setSafeHeaders(response: ServerResponse, path: string, isBehindTls: boolean): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  if (isBehindTls) response.setHeader("Strict-Transport-Security", HSTS);
  if (!path.startsWith("/api/")) return;
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}
