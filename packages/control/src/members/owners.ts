import type { Transaction } from "@telltale/db";
import { ControlError } from "../door/error.ts";

/**
 * Demands that an organisation still has an owner, after people were removed or given another role. Two who remove each
 * other at once wait for one another here.
 * @throws ControlError INVALID
 */
export async function requireOwner(tx: Transaction, organisationId: string): Promise<void> {
  await tx.$queryRaw`select 1 from organisation where id = ${organisationId} for no key update`;
  const owners = await tx.grant.count({
    where: { organisationId, role: "owner", projectId: null, userId: { not: null } },
  });
  if (owners > 0) return;
  throw new ControlError("INVALID", "An organisation has at least one owner. Make somebody else an owner first.");
}
