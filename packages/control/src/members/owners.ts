import type { Transaction } from "@telltale/db";
import { ControlError } from "../door/error.ts";

/**
 * Holds who is who in an organisation until the commit is done: whoever gives or takes roles, adds or removes people
 * reads behind this line what they decide by.
 */
export async function lockMembers(tx: Transaction, organisationId: string): Promise<void> {
  await tx.$queryRaw`select 1 from organisation where id = ${organisationId} for no key update`;
}

/**
 * Does something to people or their roles, and demands that an organisation that had an owner still has one.
 * @throws ControlError INVALID
 */
export async function keepOwner<T>(tx: Transaction, organisationId: string, act: () => Promise<T>): Promise<T> {
  await lockMembers(tx, organisationId);
  const before = await countOwners(tx, organisationId);
  const done = await act();
  if (before === 0 || (await countOwners(tx, organisationId)) > 0) return done;
  throw new ControlError("INVALID", "An organisation has at least one owner. Make somebody else an owner first.");
}

function countOwners(tx: Transaction, organisationId: string): Promise<number> {
  return tx.grant.count({ where: { organisationId, role: "owner", projectId: null, userId: { not: null } } });
}
