import { createHash, randomBytes } from "node:crypto";
import { type Database, newId } from "@telltale/db";
import { announceKeys } from "@telltale/ruleset";
import { z } from "zod";
import { type Actor, demandIn } from "../door/actor.ts";
import { findEnvironment } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { inProject, name } from "../shapes.ts";
import { readOrigins } from "./origin.ts";

/** The answer carries the key in clear, this once: only its sha-256 is kept. */
export const createKey = defineCommand({
  name: "key.create",
  describe: "Creates an SDK key; the answer is the only time it is seen in clear.",
  input: inProject.extend({
    environment: z.string().max(100),
    name,
    audience: z.enum(["server", "client"]),
    /** Origins a client key may be used from, kept as browsers send them; empty or absent: any. */
    origins: z.array(z.string().max(300)).max(50).optional(),
  }),
  output: z.object({ id: z.string(), key: z.string() }),
  action: "key.create",
  isDeferrable: false,
  isReversible: false,
  secrets: ["key"],
  async apply(change, input) {
    const environment = findEnvironment(change.project, input.environment);
    const key = `tt_${input.audience}_${randomBytes(24).toString("base64url")}`;
    const id = newId();
    const { audience, name } = input;
    const origins = readOrigins(input.origins ?? []);
    const hint = `${key.slice(0, 14)}…${key.slice(-4)}`;
    await change.tx.sdkKey.create({
      data: { id, environmentId: environment.id, name, audience, hash: hashKey(key), hint, origins },
    });
    await announceKeys(change.tx, environment.id);
    const sentence = `Created ${audience} key "${name}".`;
    change.audit({ object: "sdk-key", objectKey: hint, environment: environment.key, sentence });
    return { output: { id, key } };
  },
});

export const revokeKey = defineCommand({
  name: "key.revoke",
  describe: "Revokes an SDK key: edges refuse it from now on.",
  input: inProject.extend({ id: z.string().max(100) }),
  output: z.object({ id: z.string() }),
  action: "key.revoke",
  isReversible: false,
  async apply(change, input) {
    const where = { id: input.id, environment: { projectId: change.project.id } };
    const key = await change.tx.sdkKey.findFirst({ where, include: { environment: true } });
    if (!key) throw notFound("SDK key", input.id);
    await demandIn(change, "key.revoke", [key.environmentId]);
    if (key.revokedAt) return { output: { id: key.id } };
    await change.tx.sdkKey.update({ where: { id: key.id }, data: { revokedAt: new Date() } });
    await announceKeys(change.tx, key.environmentId);
    const sentence = `Revoked ${key.audience} key "${key.name}".`;
    const environment = key.environment.key;
    change.audit({ object: "sdk-key", objectKey: key.hint, environment, sentence });
    return { output: { id: key.id } };
  },
});

/** How a key is stored and looked up: sha-256, hex. Keys carry 192 random bits, so no slow hash is needed. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A project's keys without the keys. */
export async function listKeys(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const keys = await database.sdkKey.findMany({
    where: { environment: { projectId: project.id, archivedAt: null } },
    include: { environment: true },
    orderBy: [{ environment: { position: "asc" } }, { createdAt: "asc" }],
  });
  return keys.map(({ id, environment, name, audience, hint, origins, createdAt, revokedAt }) => ({
    id,
    name,
    audience,
    hint,
    origins,
    createdAt,
    revokedAt,
    environment: environment.key,
  }));
}
