import type { Database } from "@telltale/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { createAuthMiddleware } from "better-auth/api";
import { refuseUnstorable } from "./refuse-unstorable.ts";

export interface SignInOptions {
  /** At least 32 random characters; signs the session cookies. */
  secret: string;
  /** Where people open the dashboard. */
  publicUrl: string;
}

/**
 * Sign-in by email and password, with sessions in the database. Nobody can sign themselves up: people are added.
 * `handler` answers everything under /api/auth.
 */
export function openSignIn(database: Database, options: SignInOptions) {
  return betterAuth({
    database: prismaAdapter(database, { provider: "postgresql" }),
    secret: options.secret,
    baseURL: options.publicUrl,
    basePath: "/api/auth",
    trustedOrigins: [options.publicUrl, options.publicUrl.replace("localhost", "127.0.0.1")],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    telemetry: { enabled: false },
    hooks: { before: createAuthMiddleware(async (context) => refuseUnstorable(context)) },
  });
}

export type SignIn = ReturnType<typeof openSignIn>;

/** Adds a person who can sign in, or finds the one with that email. Only the system calls this so far. */
export async function ensureUser(
  database: Database,
  signIn: SignIn,
  person: { name: string; email: string; password: string },
): Promise<{ id: string }> {
  const found = await database.user.findUnique({ where: { email: person.email } });
  const context = await signIn.$context;
  const password = await context.password.hash(person.password);
  if (found) {
    await database.account.updateMany({ where: { userId: found.id, providerId: "credential" }, data: { password } });
    return { id: found.id };
  }
  const profile = { name: person.name, email: person.email, emailVerified: true };
  const user = await context.internalAdapter.createUser(profile, { method: "email-password" });
  await context.internalAdapter.linkAccount({
    userId: user.id,
    providerId: "credential",
    accountId: user.id,
    password,
  });
  return { id: user.id };
}
