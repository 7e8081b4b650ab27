import { customRoleSchema, findUngrantable, readActions } from "@telltale/access";
import { NOTHING_CHANGED } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { z } from "zod";
import type { OrganisationChange } from "../door/change.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { inOrganisation, onlyKey } from "../shapes.ts";

const inRole = inOrganisation.extend({ role: z.string().max(64) });

export const createRole = defineOrganisationCommand({
  name: "role.create",
  describe: "Creates a role of the organisation's own: a named list of actions.",
  input: inOrganisation.extend({ role: customRoleSchema }),
  output: onlyKey,
  action: "role.manage",
  async apply(change, { organisation: address, role }) {
    const { tx, organisation, audit } = change;
    const organisationId = organisation.id;
    const { key, name, actions } = role;
    requireOwnActions(change, actions);
    if (await tx.customRole.findUnique({ where: { organisationId_key: { organisationId, key } } })) {
      throw new ControlError("EXISTS", `There is a role "${key}" already. Choose another key.`);
    }
    await tx.customRole.create({ data: { id: newId(), organisationId, key, name, actions } });
    audit({ object: "role", objectKey: key, sentence: `Created "${name}": ${actions.join(", ")}.` });
    return { output: { key }, inverse: [{ name: "role.remove", input: { organisation: address, role: key } }] };
  },
});

export const updateRole = defineOrganisationCommand({
  name: "role.update",
  describe: "Renames a role of the organisation's own, or changes what it allows, for everybody who has it.",
  input: inRole.extend({
    name: customRoleSchema.shape.name.optional(),
    actions: customRoleSchema.shape.actions.optional(),
  }),
  output: z.object({ sentence: z.string() }),
  action: "role.manage",
  async apply(change, input) {
    const { tx, audit } = change;
    const role = await claimRole(change, input.role);
    const before = { name: role.name, actions: [...role.actions].sort() };
    const after = { name: input.name ?? before.name, actions: [...(input.actions ?? before.actions)].sort() };
    const added = after.actions.filter((action) => !before.actions.includes(action));
    const taken = before.actions.filter((action) => !after.actions.includes(action));
    const parts: string[] = [];
    if (after.name !== before.name) parts.push(`Renamed from "${before.name}" to "${after.name}".`);
    if (added.length > 0) parts.push(`Allows ${added.join(", ")} now.`);
    if (taken.length > 0) parts.push(`No longer allows ${taken.join(", ")}.`);
    const sentence = parts.join(" ");
    if (sentence === "") return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    // Neither given nor taken is what one may not do oneself.
    requireOwnActions(change, readActions([...added, ...taken]));
    await tx.customRole.update({ where: { id: role.id }, data: after });
    audit({ object: "role", objectKey: role.key, sentence, detail: { before, after } });
    const undo = { organisation: input.organisation, role: role.key, ...before };
    return { output: { sentence }, inverse: [{ name: "role.update", input: undo }] };
  },
});

export const removeRole = defineOrganisationCommand({
  name: "role.remove",
  describe: "Removes a role of the organisation's own that nobody has.",
  input: inRole,
  output: onlyKey,
  action: "role.manage",
  async apply(change, input) {
    const { tx, audit } = change;
    const { id, key, name, actions } = await claimRole(change, input.role);
    const holders = await tx.grant.count({ where: { customRoleId: id } });
    if (holders > 0) throw invalid([`"${name}" is given ${holders} times. Take it from everybody who has it first.`]);
    await tx.customRole.delete({ where: { id } });
    audit({ object: "role", objectKey: key, sentence: `Removed "${name}".`, detail: { before: { name, actions } } });
    const undo = { organisation: input.organisation, role: { key, name, actions } };
    return { output: { key }, inverse: [{ name: "role.create", input: undo }] };
  },
});

/** The role, held until the commit is done: two who change it come one after the other. @throws ControlError NOT_FOUND */
async function claimRole({ tx, organisation }: OrganisationChange, key: string) {
  const organisationId = organisation.id;
  await tx.$queryRaw`select 1 from custom_role where "organisationId" = ${organisationId} and key = ${key} for update`;
  const where = { organisationId_key: { organisationId, key } };
  const role = await tx.customRole.findUnique({ where });
  if (!role) throw notFound("role", key);
  return role;
}

/** Nobody makes a role that may do more than they: whoever has it would. @throws ControlError FORBIDDEN */
function requireOwnActions(
  { organisation, standing }: OrganisationChange,
  actions: z.output<typeof customRoleSchema>["actions"],
): void {
  const scope = { kind: "organisation", organisationId: organisation.id } as const;
  const [missing] = findUngrantable(standing.grants, { actions, scope });
  if (!missing) return;
  const sentence = `You cannot allow ${missing}, which you may not do yourself.`;
  throw new ControlError("FORBIDDEN", `${sentence} Ask an owner.`, { missing });
}
