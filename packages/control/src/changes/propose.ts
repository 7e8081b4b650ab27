import { newId } from "@telltale/db";
import { z } from "zod";
import { actorId } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { type CommandData, defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { readCommands } from "../door/registry.ts";
import { description, inProject, revision } from "../shapes.ts";
import { fingerprintOfChange, previewOf } from "./fingerprint.ts";
import {
  type CommandList,
  changed,
  changeState,
  claimChange,
  commandList,
  inChange,
  logChange,
  NOT_SCHEDULED,
} from "./state.ts";

const title = z.string().trim().min(1, "Give it a title.").max(200);

/** Refused where the commands could not be applied now. */
export const proposeChange = defineCommand({
  name: "change.propose",
  describe: "Proposes commands as one change, to be reviewed, approved and applied together.",
  input: inProject.extend({
    title,
    description: description.optional(),
    commands: commandList,
    /** A draft waits until its author asks for a review. */
    isDraft: z.boolean().optional(),
  }),
  output: changed,
  action: "change.create",
  isDeferrable: false,
  isReversible: false,
  prepare: prepareAll,
  async apply(change, input) {
    const state = input.isDraft ? "draft" : "in_review";
    const row = { title: input.title, description: input.description ?? "", state } as const;
    return { output: await insertChange(change, input.commands, row) };
  },
});

/** Patterns and the like are vetted before a transaction begins. */
async function prepareAll({ commands }: { commands: readonly CommandData[] }): Promise<void> {
  for (const command of readCommands(commands)) await command.prepare();
}

interface NewChange {
  title: string;
  description: string;
  state: "draft" | "in_review";
  revertsId?: string;
}

/** Who writes commands: the person, or the token and who made it. None of them is to approve what they wrote. */
export async function writersOf({ tx, actor }: ProjectChange): Promise<string[]> {
  if (actor.userId !== undefined) return [actor.userId];
  if (actor.id === null) return [];
  const token = actor.kind === "token" ? await tx.token.findUnique({ where: { id: actor.id } }) : null;
  const maker = actorId(token?.createdBy);
  return maker === null ? [actor.id] : [actor.id, maker];
}

/** Writes a change-set behind a rehearsal of its commands. */
export async function insertChange(change: ProjectChange, commands: CommandList, row: NewChange) {
  const result = await resultOf(change, commands);
  // Two who propose at once are numbered one after the other.
  await change.tx.$queryRaw`select 1 from project where id = ${change.project.id} for no key update`;
  const last = await change.tx.changeSet.aggregate({ where: { projectId: change.project.id }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  await change.tx.changeSet.create({
    data: {
      id: newId(),
      organisationId: change.organisation.id,
      projectId: change.project.id,
      number,
      ...row,
      author: { ...change.actor },
      authorId: change.actor.userId ?? change.actor.id,
      writerIds: await writersOf(change),
      ...result,
    },
  });
  logChange(change, { number, title: row.title }, row.state === "draft" ? "drafted." : "proposed.");
  return { change: number, state: row.state };
}

/** What is stored of commands and what they would do. @throws ControlError INVALID where they would change nothing */
async function resultOf(change: ProjectChange, commands: CommandList) {
  const bound = readCommands(commands);
  const rehearsal = await change.rehearse(bound);
  if (rehearsal.lines.length === 0) {
    throw new ControlError("INVALID", "These commands change nothing: everything is so already.");
  }
  return {
    commands: commands,
    preview: previewOf(rehearsal),
    fingerprint: fingerprintOfChange(bound, rehearsal),
    environments: rehearsal.environments,
  };
}

/** Approvals of another result count no more. */
export const editChange = defineCommand({
  name: "change.edit",
  describe: "Changes what a proposed change does, or what is said of it; what is not named stays.",
  input: inChange.extend({
    expectedRevision: revision,
    title: title.optional(),
    description: description.optional(),
    commands: commandList.optional(),
    state: z.enum(["draft", "in_review"]).optional(),
  }),
  output: z.object({ change: z.number(), state: changeState, revision: z.number() }),
  action: "change.create",
  isDeferrable: false,
  isReversible: false,
  prepare: ({ commands = [] }) => prepareAll({ commands }),
  async apply(change, input) {
    const found = await claimChange(change, input.change);
    if (found.revision !== input.expectedRevision) {
      const message = "Somebody edited this change meanwhile. Look at it, then make your edit on top of it.";
      throw new ControlError("CONFLICT", message, { revision: found.revision });
    }
    const commands = input.commands ?? commandList.parse(found.commands);
    const result = await resultOf(change, commands);
    const state = input.state ?? (result.fingerprint === found.fingerprint ? found.state : "in_review");
    const isWaiting = state === "scheduled";
    const writers = input.commands ? [...found.writerIds, ...(await writersOf(change))] : found.writerIds;
    await change.tx.changeSet.update({
      where: { id: found.id },
      data: {
        ...result,
        state,
        revision: { increment: 1 },
        problem: null,
        writerIds: [...new Set(writers)],
        title: input.title ?? found.title,
        description: input.description ?? found.description,
        ...(isWaiting ? {} : NOT_SCHEDULED),
      },
    });
    logChange(
      change,
      found,
      result.fingerprint === found.fingerprint ? "edited." : "edited: it does something else now.",
    );
    return { output: { change: found.number, state, revision: found.revision + 1 } };
  },
});
