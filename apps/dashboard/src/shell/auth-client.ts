import { createAuthClient } from "better-auth/client";
import { withBasePath } from "../base-path.ts";

/** Sign-in and sign-out against /api/auth of this very page. */
export const authClient = createAuthClient({ basePath: withBasePath("/api/auth") });

/** Ends the session and shows the sign-in page. */
export async function signOut(): Promise<void> {
  await authClient.signOut();
  window.location.assign(withBasePath("/sign-in"));
}
