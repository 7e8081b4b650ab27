import type { Database } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { openProject } from "../door/open.ts";
import { describeNeeds } from "../door/policy.ts";
import { readCommands } from "../door/registry.ts";
import { comment, inProject } from "../shapes.ts";
import { previewLine, previewLineOf } from "./fingerprint.ts";
import { commandList } from "./state.ts";

export const previewInput = inProject.extend({ commands: commandList, comment });

/** What commands would do if the actor committed them now. */
export const previewed = z.object({
  /** A line for each thing that they change; empty where everything is so already. */
  lines: z.array(previewLine.extend({ detail: z.unknown() })),
  /** Whether they can be taken back as one. */
  isReversible: z.boolean(),
  /** Whom they reach. */
  affected: z.array(
    z.object({
      project: z.string(),
      environment: z.string(),
      flags: z.array(z.string()),
      experiments: z.array(z.string()),
    }),
  ),
  /** What policies ask for first, in sentences; null: nothing. */
  needs: z.string().nullable(),
  /** Why the actor may not publish it, and who can; null: they may. */
  refusal: z.string().nullable(),
});

/**
 * Runs commands and takes them back: what they would do, whom they would reach and what stands in their way. Nothing of
 * it stays. @throws ControlError whatever the commands themselves would be refused by
 */
export async function previewCommands(
  database: Database,
  actor: Actor,
  input: z.output<typeof previewInput>,
): Promise<z.output<typeof previewed>> {
  await openProject(database, actor, input.project);
  const options = { dryRun: true, comment: input.comment };
  const { lines, inverse, affected, needs, refusal } = await commit(
    database,
    actor,
    readCommands(input.commands, "now"),
    options,
  );
  return {
    lines: lines.map((line) => ({ ...previewLineOf(line), detail: line.detail ?? null })),
    isReversible: inverse !== null,
    affected: [...affected],
    refusal,
    needs: needs.length === 0 ? null : describeNeeds(needs),
  };
}
