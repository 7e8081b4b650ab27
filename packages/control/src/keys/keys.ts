import { createHash, randomBytes } from "node:crypto";
import { type Database, newId } from "@telltale/db";
import { announceKeys } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { commit, environmentOf, openProject } from "../door/commit.ts";
import { notFound } from "../door/error.ts";
import { readOrigins } from "./origin.ts";

export interface NewKey {
  project: string;
  environment: string;
  name: string;
  audience: "server" | "client";
  /** Origins a client key may be used from, kept as browsers send them; empty or absent: any. */
  origins?: string[] | undefined;
}

/** Creates an SDK key. The answer carries it in clear, this once: only its sha-256 is kept. */
export function createKey(database: Database, actor: Actor, input: NewKey): Promise<{ id: string; key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const environment = environmentOf(change.project, input.environment);
    const key = `tt_${input.audience}_${randomBytes(24).toString("base64url")}`;
    const id = newId();
    const { audience, name } = input;
    const origins = readOrigins(input.origins ?? []);
    const hint = `${key.slice(0, 14)}…${key.slice(-4)}`;
    await change.tx.sdkKey.create({
      data: { id, environmentId: environment.id, name, audience, hash: hashKey(key), hint, origins },
    });
    await announceKeys(change.tx);
    const sentence = `Created ${audience} key "${name}".`;
    change.audit({ object: "sdk-key", objectKey: hint, environment: environment.key, action: "create", sentence });
    return { id, key };
  });
}

/** Revokes an SDK key: edges refuse it from now on. */
export function revokeKey(
  database: Database,
  actor: Actor,
  input: { project: string; id: string },
): Promise<{ id: string }> {
  return commit(database, actor, input.project, async (change) => {
    const where = { id: input.id, environment: { projectId: change.project.id } };
    const key = await change.tx.sdkKey.findFirst({ where, include: { environment: true } });
    if (!key) throw notFound("SDK key", input.id);
    if (key.revokedAt) return { id: key.id };
    await change.tx.sdkKey.update({ where: { id: key.id }, data: { revokedAt: new Date() } });
    await announceKeys(change.tx);
    const sentence = `Revoked ${key.audience} key "${key.name}".`;
    const environment = key.environment.key;
    change.audit({ object: "sdk-key", objectKey: key.hint, environment, action: "revoke", sentence });
    return { id: key.id };
  });
}

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
    ...{ id, name, audience, hint, origins, createdAt, revokedAt },
    environment: environment.key,
  }));
}
