import type { Prisma } from "@telltale/db";
import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { description } from "../shapes.ts";
import { approvalsOf } from "./approvals.ts";
import { insertChange } from "./propose.ts";
import { demandSeen } from "./rehearse.ts";
import { changed, claimChange, commandList, commandsOf, inChange, logChange } from "./state.ts";

/**
 * All of its commands or none, in one commit, with the permissions of who applies it. Where others changed the same
 * things meanwhile, and it would do something else than what was looked at, it is refused and nothing happens.
 */
export const applyChange = defineCommand({
  name: "change.applyNow",
  describe: "Applies a proposed change: all of its commands, or none.",
  input: inChange.extend({
    /** In an emergency: why it passes by the policies, for the audit trail. Needs a permission of its own. */
    emergency: z.string().trim().min(10, "Say in a sentence why this cannot wait.").max(1_000).optional(),
  }),
  output: changed,
  action: "change.apply",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["in_review", "approved", "scheduled", "failed"]);
    logChange(
      change,
      found,
      input.emergency === undefined ? "applied." : `applied in an emergency: ${input.emergency}`,
    );
    const { journal } = change;
    const before = journal.lines.length;
    const commands = commandsOf(found);
    const { inverse } = await change.run(commands);
    const { fingerprint } = found;
    demandSeen(found, fingerprint, commands, { lines: journal.lines.slice(before) });
    journal.approvals.push(...(await approvalsOf(change, found, fingerprint)));
    if (found.description.trim() !== "") journal.comment = found.description;
    if (input.emergency !== undefined) await pass(change, input.emergency);
    await change.tx.changeSet.update({
      where: { id: found.id },
      data: {
        state: "applied",
        appliedAt: new Date(),
        problem: null,
        scheduledAt: null,
        ...(inverse && { inverse: inverse as unknown as Prisma.InputJsonArray }),
      },
    });
    return { output: { change: found.number, state: "applied" as const } };
  },
});

/** Passes by the policies of the environments that were touched. @throws ControlError FORBIDDEN */
async function pass(change: ProjectChange, reason: string): Promise<void> {
  await demandIn(change, "change.bypass", [...change.journal.touched.keys()]);
  change.journal.emergency = reason;
}

/** Applied at once where policies let it; else it is reviewed as any change. */
export const revertChange = defineCommand({
  name: "change.revert",
  describe: "Proposes to take an applied change back: the commands that undo it, as a change of its own.",
  input: inChange.extend({ description: description.optional() }),
  output: changed,
  action: "change.create",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["applied"]);
    if (found.inverse === null) {
      throw new ControlError(
        "INVALID",
        "Something in this change cannot be undone, as keys and starts. Change back by hand what can be.",
      );
    }
    const commands = commandList.parse(found.inverse);
    const title = `Revert "${found.title}"`.slice(0, 200);
    const row = { title, description: input.description ?? "", state: "in_review", revertsId: found.id } as const;
    return { output: await insertChange(change, commands, row) };
  },
});
