import { type Model, Prisma } from "@telltale/db";
import { z } from "zod";
import type { ProjectChange } from "../door/change.ts";
import type { Bound } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { readCommands } from "../door/registry.ts";
import { inProject } from "../shapes.ts";

/** Which change-set of a project. */
export const inChange = inProject.extend({
  change: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});
export const changeState = z.enum([
  "draft",
  "in_review",
  "approved",
  "scheduled",
  "applied",
  "declined",
  "superseded",
  "failed",
]);
export type ChangeState = z.output<typeof changeState>;
export const changed = z.object({ change: z.number(), state: changeState });

const commandData = z.object({ name: z.string().max(100), input: z.record(z.string(), z.json()) });
/** Commands in their order, as they are stored. */
export const commandList = z.array(commandData).min(1, "A change has at least one command.").max(500);

export type CommandList = z.output<typeof commandList>;

/** States from which a change-set may still be applied. */
export const OPEN = ["draft", "in_review", "approved", "scheduled", "failed"] as const satisfies ChangeState[];

/** What is said of a change-set without a time. */
export const NOT_SCHEDULED = {
  scheduledAt: null,
  scheduledById: null,
  timeZone: null,
  scheduledBy: Prisma.DbNull,
};

/**
 * The change-set, held until the commit is done: two who act on it at once come one after the other.
 * @throws ControlError NOT_FOUND, INVALID where it is in none of the states
 */
export async function claimChange(
  { tx, project }: Pick<ProjectChange, "tx" | "project">,
  number: number,
  states: readonly ChangeState[] = OPEN,
): Promise<Model.ChangeSet> {
  await tx.$queryRaw`select 1 from change_set where "projectId" = ${project.id} and number = ${number} for update`;
  const found = await tx.changeSet.findUnique({ where: { projectId_number: { projectId: project.id, number } } });
  if (!found) throw notFound("change", String(number));
  if (states.includes(found.state)) return found;
  throw invalid([`The change is ${STATE_WORDS[found.state]}, so that this cannot be done any more. Reload the page.`]);
}

const STATE_WORDS: Record<ChangeState, string> = {
  draft: "a draft",
  in_review: "in review",
  approved: "approved",
  scheduled: "scheduled",
  applied: "applied",
  declined: "declined",
  superseded: "withdrawn",
  failed: "set aside",
};

/** Its commands, ready to be run. */
export function commandsOf({ commands }: Pick<Model.ChangeSet, "commands">): Bound[] {
  return readCommands(commandList.parse(commands));
}

/** The id of the person who acts. @throws ControlError where it is none: who reviews and schedules is a person */
export function personOf({ actor }: Pick<ProjectChange, "actor">): string {
  if (actor.userId !== undefined) return actor.userId;
  throw new ControlError("FORBIDDEN", "Only a person can review a change. Sign in and look at it.");
}

/** The audit line of something that was done to a change-set. */
export function logChange(
  change: ProjectChange,
  { number, title }: { number: number; title: string },
  sentence: string,
): void {
  change.audit({ object: "change", objectKey: String(number), sentence: `"${title}": ${sentence}` });
}
