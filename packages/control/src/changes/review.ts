import { newId } from "@telltale/db";
import { z } from "zod";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { approvable, approvalsOf } from "./approvals.ts";
import { rehearseSeen } from "./rehearse.ts";
import { changed, claimChange, inChange, logChange, OPEN, personOf } from "./state.ts";

const text = z.string().trim().min(1, "Write something first.").max(5_000);

export const remarkOnChange = defineCommand({
  name: "change.remark",
  describe: "Says something about a proposed change.",
  input: inChange.extend({ text }),
  output: changed,
  action: "change.review",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, [...OPEN, "applied", "declined", "superseded"]);
    await writeNote(change, found.id, { kind: "remark", text: input.text });
    logChange(change, found, "a remark was made.");
    return { output: { change: found.number, state: found.state } };
  },
});

/**
 * Counts for this result alone, and for the environments that the approver may publish to. Nobody approves what is
 * theirs.
 */
export const approveChange = defineCommand({
  name: "change.approve",
  describe: "Approves what a change would do now.",
  input: inChange.extend({
    /** The result that was looked at. */
    fingerprint: z.string().max(100),
    text: text.optional(),
  }),
  output: changed,
  action: "change.review",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change, ["in_review", "approved", "scheduled"]);
    const person = personOf(change);
    if (found.authorId === person || found.writerIds.includes(person)) {
      throw new ControlError("FORBIDDEN", "Nobody approves a change of their own. Ask somebody else to look at it.");
    }
    const rehearsal = await rehearseSeen(change, found, input.fingerprint);
    const environments = await approvable(change, rehearsal.environments, person);
    if (environments.length === 0 && rehearsal.environments.length > 0) {
      throw new ControlError(
        "FORBIDDEN",
        "You may publish to none of its environments, so that your approval would not count.",
      );
    }
    await writeNote(change, found.id, {
      kind: "approval",
      text: input.text ?? "",
      fingerprint: input.fingerprint,
      environments,
    });
    const approvals = await approvalsOf(change, found, input.fingerprint);
    const needs = (await change.needs(rehearsal, approvals)).filter(({ kind }) => kind === "approvals");
    const state = needs.length === 0 && found.state === "in_review" ? "approved" : found.state;
    await change.tx.changeSet.update({ where: { id: found.id }, data: { state } });
    logChange(change, found, "approved.");
    return { output: { change: found.number, state } };
  },
});

export const declineChange = defineCommand({
  name: "change.decline",
  describe: "Declines a proposed change, and says why.",
  input: inChange.extend({ text }),
  output: changed,
  action: "change.review",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change);
    await writeNote(change, found.id, { kind: "refusal", text: input.text });
    await change.tx.changeSet.update({ where: { id: found.id }, data: { state: "declined" } });
    logChange(change, found, "declined.");
    return { output: { change: found.number, state: "declined" as const } };
  },
});

export const withdrawChange = defineCommand({
  name: "change.withdraw",
  describe: "Takes a proposed change back.",
  input: inChange,
  output: changed,
  action: "change.create",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const found = await claimChange(change, input.change);
    await change.tx.changeSet.update({ where: { id: found.id }, data: { state: "superseded" } });
    logChange(change, found, "withdrawn.");
    return { output: { change: found.number, state: "superseded" as const } };
  },
});

interface Note {
  kind: "remark" | "approval" | "refusal";
  text: string;
  fingerprint?: string;
  environments?: string[];
}

export async function writeNote(
  { tx, actor }: ProjectChange,
  changeSetId: string,
  { environments = [], ...row }: Note,
): Promise<void> {
  await tx.changeSetNote.create({
    data: { id: newId(), changeSetId, ...row, environments, actor: { ...actor }, actorId: actor.userId ?? actor.id },
  });
}
