import { newId, type Transaction } from "@telltale/db";
import { ControlError, invalid, notFound } from "../door/error.ts";
import type { TokenActor } from "./actor.ts";
import { grantRole, limitToken, type RoleOnScope } from "./give-role.ts";
import type { Access } from "./read-access.ts";
import { createSecret, hashToken, isTokenSecret, writeHint } from "./secret.ts";
import { judgeToken } from "./token-state.ts";

export interface NewToken {
  organisationId: string;
  /** Personal: its creator's own, narrowed. Service: nobody's, with roles of its own. */
  kind: "personal" | "service";
  name: string;
  /** What it may do. A personal token without any may do all that its person may. */
  roles: readonly RoleOnScope[];
  /** Null: it never expires. */
  expiresAt: Date | null;
}

/**
 * Creates a token. The answer carries its secret, this once: only the sha-256 is kept. That the creator may create
 * service tokens is checked by the caller.
 * @throws ControlError INVALID; NOT_FOUND; FORBIDDEN for a personal token by anybody but a person themselves, and for a
 * service token that could do more than its creator
 */
export async function issueToken(
  tx: Transaction,
  by: Access,
  input: NewToken,
): Promise<{ id: string; secret: string; hint: string }> {
  const { organisationId, kind, name, expiresAt } = input;
  const problem = findProblem(input);
  if (problem) throw invalid([problem]);
  const secret = createSecret(kind);
  const id = newId();
  const token = { id, organisationId, kind, name, expiresAt, hash: hashToken(secret), hint: writeHint(secret) };
  const userId = kind === "personal" ? requirePerson(by) : null;
  await tx.token.create({ data: { ...token, userId, createdBy: { ...by.record } } });
  if (kind === "service") {
    for (const given of input.roles) await grantRole(tx, by, { tokenId: id }, given);
  } else {
    for (const limit of input.roles.length > 0 ? input.roles : unlimited(organisationId)) {
      await limitToken(tx, by.record, id, limit);
    }
  }
  return { id, secret, hint: token.hint };
}

/** All that its person may do. A token without a row of its own may do nothing, so that a lost row opens nothing. */
function unlimited(organisationId: string): RoleOnScope[] {
  return [{ role: "owner", scope: { kind: "organisation", organisationId } }];
}

function findProblem({ organisationId, kind, roles, expiresAt }: NewToken): string | undefined {
  if (expiresAt && judgeToken({ expiresAt, revokedAt: null }) === "expired") {
    return "The token would have expired already. Choose a time to come.";
  }
  if (roles.some(({ scope }) => scope.organisationId !== organisationId)) {
    return "A token belongs to one organisation. Create one in each.";
  }
  return kind === "service" && roles.length === 0
    ? "A service token without a role can do nothing. Give it one."
    : undefined;
}

/** Neither a token nor an agent makes personal tokens: a stolen one could renew itself. */
function requirePerson({ record }: Access): string {
  if (record.kind === "user" && record.id !== null) return record.id;
  throw new ControlError("FORBIDDEN", "Personal tokens are created by people for themselves. Sign in to create one.");
}

/** How often a use of a token is written down at most. */
const USE_NOTED_EVERY_MS = 60_000;

export type FoundToken =
  | { state: "valid"; actor: TokenActor; organisationId: string }
  | { state: "unknown" | "expired" | "revoked" };

/**
 * Finds the token of a secret that somebody sent, and notes its use, once a minute at most. Call it before the
 * transaction of a change, not in it: requests with the same token would wait for each other. A text that is no secret
 * asks the database nothing. The look-up is by hash: its time says nothing about secrets that are near.
 */
export async function findToken(tx: Transaction, secret: string, at: Date = new Date()): Promise<FoundToken> {
  if (!isTokenSecret(secret)) return { state: "unknown" };
  const token = await tx.token.findUnique({ where: { hash: hashToken(secret) } });
  if (!token) return { state: "unknown" };
  const state = judgeToken(token, at);
  if (state !== "valid") return { state };
  const noted = new Date(at.getTime() - USE_NOTED_EVERY_MS);
  if (!token.lastUsedAt || token.lastUsedAt <= noted) {
    await tx.token.updateMany({ where: { id: token.id }, data: { lastUsedAt: at } });
  }
  return { state, actor: { kind: "token", tokenId: token.id }, organisationId: token.organisationId };
}

/** Revokes a token: nothing that begins from now on is allowed by it. Once revoked, it stays so. */
export async function endToken(tx: Transaction, input: { organisationId: string; id: string }): Promise<void> {
  const { organisationId, id } = input;
  const token = await tx.token.findUnique({ where: { organisationId_id: { organisationId, id } } });
  if (!token) throw notFound("token", id);
  await tx.token.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
}

/** An organisation's tokens without their secrets, the newest first. */
export async function readTokens(tx: Transaction, organisationId: string) {
  const tokens = await tx.token.findMany({ where: { organisationId }, orderBy: { id: "desc" } });
  return tokens.map(({ id, kind, name, hint, userId, createdAt, expiresAt, lastUsedAt, revokedAt }) => {
    const times = { createdAt, expiresAt, lastUsedAt, revokedAt };
    return { id, kind, name, hint, userId, ...times };
  });
}
