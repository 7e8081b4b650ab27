import type { Database } from "@telltale/db";
import { z } from "zod";
import { grantPlace, namePlace, readPlace } from "../access/place.ts";
import { endToken, issueToken, readTokens } from "../access/tokens.ts";
import type { Actor } from "../door/actor.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { enterOrganisation } from "../door/open.ts";
import { inOrganisation, name } from "../shapes.ts";

const DAY_MS = 86_400_000;
const wholeOrganisation = (organisationId: string) => ({ kind: "organisation", organisationId }) as const;

/** The answer carries the secret, this once: only its sha-256 is kept. */
export const createToken = defineOrganisationCommand({
  name: "token.create",
  describe: "Creates a personal token, which may do what its person may, or a service token with roles of its own.",
  input: inOrganisation.extend({
    kind: z.enum(["personal", "service"]),
    name,
    /** What it may do. A personal token without any may do all that its person may. */
    roles: z.array(z.object({ role: z.string().max(64), on: grantPlace.default({}) })).max(50),
    /** Null: it never expires. */
    expiresInDays: z.int().min(1).max(3_660).nullable(),
  }),
  output: z.object({ id: z.string(), secret: z.string(), hint: z.string() }),
  action: null,
  isDeferrable: false,
  isReversible: false,
  secrets: ["secret"],
  async apply(change, { kind, name, roles, expiresInDays }) {
    const { tx, organisation, standing, audit } = change;
    const organisationId = organisation.id;
    if (kind === "service") await standing.demand("token.create", wholeOrganisation(organisationId));
    const given = [];
    for (const { role, on } of roles) given.push({ role, scope: await readPlace(change, on) });
    const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * DAY_MS);
    const output = await issueToken(tx, standing, { organisationId, kind, name, roles: given, expiresAt });
    const may = roles.map(({ role, on }) => `${role}${namePlace(on)}`).join(", ") || "all that its person may";
    const sentence = `Created the ${kind} token "${name}": ${may}.`;
    audit({ object: "token", objectKey: output.hint, sentence, detail: { id: output.id, roles } });
    return { output };
  },
});

/** Everybody revokes their own; others need a permission. */
export const revokeToken = defineOrganisationCommand({
  name: "token.revoke",
  describe: "Revokes a token: nothing that begins from now on is allowed by it.",
  input: inOrganisation.extend({ id: z.string().min(1).max(100) }),
  output: z.object({ id: z.string() }),
  action: null,
  isReversible: false,
  async apply({ tx, organisation, standing, audit }, { id }) {
    const organisationId = organisation.id;
    const token = await tx.token.findUnique({ where: { organisationId_id: { organisationId, id } } });
    const isOwn = token?.userId != null && token.userId === standing.record.userId;
    if (!isOwn) await standing.demand("token.revoke", wholeOrganisation(organisationId));
    if (!token) throw notFound("token", id);
    if (token.revokedAt) return { output: { id } };
    await endToken(tx, { organisationId, id });
    audit({ object: "token", objectKey: token.hint, sentence: `Revoked the ${token.kind} token "${token.name}".` });
    return { output: { id } };
  },
});

/** The tokens of an organisation without their secrets, the newest first: all for who may revoke them, else one's own. */
export async function listTokens(database: Database, actor: Actor, input: { organisation: string }) {
  const { organisation, standing } = await enterOrganisation(database, actor, input.organisation);
  const tokens = await readTokens(database, organisation.id);
  if (standing.may("token.revoke", wholeOrganisation(organisation.id))) return tokens;
  const { userId } = standing.record;
  return tokens.filter((token) => token.userId !== null && token.userId === userId);
}
