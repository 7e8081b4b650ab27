/** Whether a token still opens anything. */
export type TokenState = "valid" | "expired" | "revoked";

/** The state of a token at a time: it expires at that very moment. */
export function judgeToken(
  token: { expiresAt: Date | null; revokedAt: Date | null },
  at: Date = new Date(),
): TokenState {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && token.expiresAt <= at ? "expired" : "valid";
}
