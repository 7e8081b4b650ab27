import { createAuthClient } from "better-auth/client";

/** Sign-in and sign-out against /api/auth of this very page. */
export const authClient = createAuthClient();

/** Ends the session and shows the sign-in page. */
export async function signOut(): Promise<void> {
  await authClient.signOut();
  window.location.assign("/sign-in");
}
