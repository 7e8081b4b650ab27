import type { Database } from "@telltale/db";
import { BASE_ERROR_CODES, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { deleteSessionCookie } from "better-auth/cookies";
import { admitAttempt, forgetAttempts, type SignInAttempt } from "./attempts.ts";
import { refuseUnstorable } from "./refuse-unstorable.ts";
import { recordSecurityEvent, type SecurityEvent, type SecurityEventOf } from "./security-events.ts";

export interface SignInOptions {
  /** At least 32 random characters; signs the session cookies. */
  secret: string;
  /** Where people open the dashboard. With `https:` the cookie is `Secure`. */
  publicUrl: string;
  /** Further origins of the dashboard itself, like `http://127.0.0.1:4400`. */
  origins?: readonly string[];
  /** Header that holds the address a request came from; whoever takes requests must write it itself. */
  addressHeader?: string;
  /** Told what the library has to say; texts of strangers are in it. */
  log?: (level: "debug" | "info" | "warn" | "error", message: string) => void;
}

const ADDRESS_HEADER = "x-telltale-address";
const SIGN_IN = "/sign-in/email";
const CHANGE_PASSWORD = "/change-password";
/** What else of a session's is a security event. */
const EVENTS: Record<string, SecurityEvent> = {
  "/sign-out": "signOut",
  [CHANGE_PASSWORD]: "passwordChanged",
  "/update-user": "renamed",
};
/** Characters of a person's name. */
const NAME_MAX = 100;

/**
 * Sign-in by email and password, with sessions in the database. Nobody can sign themselves up: people are added.
 * `handler` answers everything under /api/auth.
 */
export function openSignIn(database: Database, options: SignInOptions) {
  const { secret, publicUrl, origins = [], addressHeader = ADDRESS_HEADER, log } = options;
  const { origin } = new URL(publicUrl);
  return betterAuth({
    database: prismaAdapter(database, { provider: "postgresql" }),
    secret,
    // The path that the dashboard is served under is taken off before requests come here.
    baseURL: origin,
    basePath: "/api/auth",
    trustedOrigins: [origin, ...origins],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    telemetry: { enabled: false },
    // The library leaves these checks out where it takes the process for a test.
    advanced: { ipAddress: { ipAddressHeaders: [addressHeader] }, disableOriginCheck: false, disableCSRFCheck: false },
    // Tries to sign in are counted below, by the database.
    rateLimit: { customRules: { [SIGN_IN]: false } },
    ...(log && { logger: { log: (level, message) => log(level, message) } }),
    hooks: {
      before: createAuthMiddleware(async (context) => {
        refuseUnstorable(context);
        refuseLongName(context);
        // Who is there is not known afterwards.
        if (context.path in EVENTS) await rememberSession(context);
        // A changed password ends the sessions that somebody else may have.
        if (context.path === CHANGE_PASSWORD) {
          return { context: { body: { ...context.body, revokeOtherSessions: true } } };
        }
        const attempt = context.path === SIGN_IN ? readAttempt(context, addressHeader) : undefined;
        if (!attempt) return;
        const admission = await admitAttempt(database, attempt);
        if (admission.admitted) return await rememberHash(database, context, attempt);
        const message = `Too many tries to sign in. Try again in ${minutes(admission.retryAfterS)}.`;
        const headers = { "Retry-After": String(admission.retryAfterS) };
        throw new APIError("TOO_MANY_REQUESTS", { code: "TOO_MANY_ATTEMPTS", message }, headers);
      }),
      after: createAuthMiddleware(async (context) => {
        const attempt = context.path === SIGN_IN ? readAttempt(context, addressHeader) : undefined;
        const isStale = attempt !== undefined && (await endStaleSession(database, context));
        if (attempt && context.context.newSession) await forgetAttempts(database, attempt);
        await tell(database, context, options);
        if (isStale) throw APIError.from("UNAUTHORIZED", BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD);
      }),
    },
  });
}

export type SignIn = ReturnType<typeof openSignIn>;

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Who asked, by request: the session of a sign-out is gone when it is told, and so is the name before it was changed. */
const askedBy = new WeakMap<object, { id: string; name: string }>();

async function rememberSession(context: HookContext): Promise<void> {
  const session = await getSessionFromCtx(context);
  if (session && context.headers) askedBy.set(context.headers, session.user);
}

/** The hash that stood there before a sign-in, by request; null: nobody has that address. */
const hashesBefore = new WeakMap<object, string | null>();

async function rememberHash(database: Database, { headers }: HookContext, { email }: SignInAttempt): Promise<void> {
  if (!headers) return;
  const where = { providerId: "credential", user: { email: email.toLowerCase() } };
  const account = await database.account.findFirst({ where, select: { password: true } });
  hashesBefore.set(headers, account?.password ?? null);
}

/**
 * Ends the session of a sign-in whose password was changed while it was looked at. A change writes the hash first and then
 * ends all sessions: a session that it did not end was there before it, or the new hash is read here, behind the session.
 * @returns whether it was ended
 */
async function endStaleSession(database: Database, context: HookContext): Promise<boolean> {
  const { newSession, password } = context.context;
  if (!newSession) return false;
  const where = { userId: newSession.user.id, providerId: "credential" };
  const hash = (await database.account.findFirst({ where, select: { password: true } }))?.password;
  if (hash && context.headers && hashesBefore.get(context.headers) === hash) return false;
  if (hash && (await password.verify({ hash, password: String(context.body?.password) }))) return false;
  await database.session.deleteMany({ where: { token: newSession.session.token } });
  deleteSessionCookie(context);
  context.context.setNewSession(null);
  return true;
}

/** Tells the audit trail what was done, or tried. */
async function tell(database: Database, context: HookContext, options: SignInOptions): Promise<void> {
  const { addressHeader = ADDRESS_HEADER, log } = options;
  const { path, headers } = context;
  const { returned, newSession } = context.context;
  const address = headers?.get(addressHeader) ?? "unknown";
  const record = (happened: Omit<SecurityEventOf, "address">) =>
    recordSecurityEvent(database, { ...happened, address }, (message) => log?.("error", message));
  if (path === SIGN_IN) {
    const email = typeof context.body?.email === "string" ? context.body.email.trim().toLowerCase() : "";
    if (newSession) return record({ userId: newSession.user.id, event: "signIn" });
    const user = await database.user.findUnique({ where: { email } });
    // Nobody waits for it: how long a refusal takes must not tell whether somebody has that address.
    if (user) void record({ userId: user.id, event: "signInFailed" });
    return;
  }
  const event = EVENTS[path];
  const asked = headers && askedBy.get(headers);
  if (!event || !asked || returned instanceof APIError) return;
  const userId = asked.id;
  if (event !== "renamed") return record({ userId, event });
  const now = await database.user.findUnique({ where: { id: userId }, select: { name: true } });
  if (now && now.name !== asked.name) await record({ userId, event, nameBefore: asked.name });
}

/** @throws APIError BAD_REQUEST */
function refuseLongName({ path, body }: HookContext): void {
  if (path !== "/update-user" || body?.name === undefined) return;
  const name: unknown = body.name;
  const length = typeof name === "string" ? [...name.trim().slice(0, 2 * NAME_MAX + 2)].length : 0;
  if (length >= 1 && length <= NAME_MAX) return;
  throw new APIError("BAD_REQUEST", { message: `A name has 1 to ${NAME_MAX} characters.` });
}

interface AuthContext {
  body?: { email?: unknown } | null;
  headers?: Headers | undefined;
}

function readAttempt({ body, headers }: AuthContext, addressHeader: string): SignInAttempt | undefined {
  if (typeof body?.email !== "string") return undefined;
  return { email: body.email, address: headers?.get(addressHeader) ?? "unknown" };
}

function minutes(seconds: number): string {
  const count = Math.max(1, Math.ceil(seconds / 60));
  return count === 1 ? "a minute" : `${count} minutes`;
}

/** Adds a person who can sign in, or finds the one with that email. Only the system calls this so far. */
export async function ensureUser(
  database: Database,
  signIn: SignIn,
  person: { name: string; email: string; password: string },
): Promise<{ id: string }> {
  const found = await database.user.findUnique({ where: { email: person.email } });
  const context = await signIn.$context;
  if (found) {
    const where = { userId: found.id, providerId: "credential" };
    const account = await database.account.findFirst({ where });
    const hash = account?.password;
    if (hash && (await context.password.verify({ hash, password: person.password }))) return { id: found.id };
    const password = await context.password.hash(person.password);
    await database.account.updateMany({ where, data: { password } });
    // Another password ends the sessions that were opened with the one before.
    await database.session.deleteMany({ where: { userId: found.id } });
    return { id: found.id };
  }
  const password = await context.password.hash(person.password);
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
