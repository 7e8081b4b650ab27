import { backend } from "../../../backend.ts";
import { withBasePath } from "../../../base-path.ts";
import { nextPath } from "../../../sign-in/next-path.ts";
import { readSignInProblem } from "../../../sign-in/problems.ts";

/** The sign-in form where no script runs: the same door, and then a page. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  const body = JSON.stringify({ email: text("email"), password: text("password") });
  const url = new URL("/api/auth/sign-in/email", request.url);
  const answer = await backend().auth(new Request(url, { method: "POST", headers, body }));
  const problem = readSignInProblem(answer.status);
  const next = nextPath(text("next"));
  if (problem) return goTo(`/sign-in?problem=${problem}&next=${encodeURIComponent(next)}`, []);
  return goTo(next, answer.headers.getSetCookie());
}

/** The path is enough for a browser, and it does not depend on what a proxy calls this server. */
function goTo(path: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location: withBasePath(path), "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
