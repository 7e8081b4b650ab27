import type { Database } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit, environmentOf } from "../door/commit.ts";
import { ControlError, invalid } from "../door/error.ts";
import { NOTHING_CHANGED } from "../flags/sentence.ts";

export interface ChangedEnvironment {
  /** Address of its project. */
  project: string;
  environment: string;
  /** What people read; its key stays. */
  name?: string | undefined;
  /** Whether a change asks for confirmation at the switch. */
  critical?: boolean | undefined;
}

/** Renames an environment, or says whether it is a critical one. @throws ControlError NOT_FOUND, FORBIDDEN */
export function changeEnvironment(
  database: Database,
  actor: Actor,
  input: ChangedEnvironment,
): Promise<{ key: string; sentence: string }> {
  return commit(database, actor, input.project, async ({ tx, project, audit, touch }) => {
    const { id, key, ...before } = environmentOf(project, input.environment);
    const { name = before.name, critical = before.critical } = input;
    const parts: string[] = [];
    if (name !== before.name) parts.push(`Renamed from "${before.name}" to "${name}".`);
    if (critical !== before.critical) parts.push(critical ? "Critical from now on." : "No longer critical.");
    const sentence = parts.join(" ");
    if (sentence === "") return { key, sentence: NOTHING_CHANGED };
    await tx.environment.update({ where: { id }, data: { name, critical } });
    // SDKs are told how quickly changes of a critical environment must reach them.
    if (critical !== before.critical) touch(id);
    audit({ object: "environment", objectKey: key, environment: key, action: "change", sentence });
    return { key, sentence };
  });
}

/**
 * Puts the environments of a project into an order, left to right.
 * @throws ControlError NOT_FOUND, FORBIDDEN, INVALID unless each is named once, CONFLICT where one came or went meanwhile
 */
export function orderEnvironments(
  database: Database,
  actor: Actor,
  input: { project: string; environments: readonly string[] },
): Promise<{ sentence: string }> {
  return commit(database, actor, input.project, async ({ tx, project, audit }) => {
    const before = project.environments.map(({ key }) => key);
    checkOrder(before, input.environments, "environment");
    if (before.join() === input.environments.join()) return { sentence: NOTHING_CHANGED };
    for (const [position, key] of input.environments.entries()) {
      const { id } = environmentOf(project, key);
      const { count } = await tx.environment.updateMany({ where: { id, archivedAt: null }, data: { position } });
      if (count === 0) throw new ControlError("CONFLICT", `"${key}" was archived just now. Look at the list again.`);
    }
    const sentence = `Order of environments: ${input.environments.join(", ")}.`;
    audit({ object: "project", objectKey: project.key, action: "order", sentence });
    return { sentence };
  });
}

/** @throws ControlError INVALID unless the order names each of these once */
export function checkOrder(keys: readonly string[], order: readonly string[], what: "environment" | "project"): void {
  const named = new Set(order);
  if (order.length === keys.length && named.size === keys.length && keys.every((key) => named.has(key))) return;
  throw invalid([`Name each ${what} once: ${keys.join(", ")}.`]);
}
