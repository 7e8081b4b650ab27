/** Why signing in did not work. */
export type SignInProblem = "credentials" | "too-many" | "address" | "failed" | "silent";

const SENTENCES: Record<SignInProblem, string> = {
  credentials: "This email and password do not belong together. Check both, then try again.",
  "too-many": "Too many tries to sign in. Wait a quarter of an hour, then try again.",
  address:
    "The dashboard is set up for another address than this one. Open it there, or have PUBLIC_URL set to the address in your browser.",
  failed: "Signing in failed. Try again in a moment.",
  silent: "The server did not answer. Check the connection, then try again.",
};

/** What to tell a person. */
export function problemSentence(problem: SignInProblem): string {
  return SENTENCES[problem];
}

/** What the answer to a try to sign in means; undefined when it worked. */
export function readSignInProblem(status: number): SignInProblem | undefined {
  if (status < 300) return undefined;
  if (status === 401 || status === 400) return "credentials";
  if (status === 403) return "address";
  return status === 429 ? "too-many" : "failed";
}

/** A problem that stands in an address. */
export function parseSignInProblem(text: unknown): SignInProblem | undefined {
  return typeof text === "string" && Object.hasOwn(SENTENCES, text) ? (text as SignInProblem) : undefined;
}
