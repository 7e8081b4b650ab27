import type { Database } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { invalid, notFound } from "../door/error.ts";

const note = z.string().trim().min(1, "Write something first.").max(2_000, "A note has at most 2,000 letters.");

/**
 * Writes a note into an experiment's log: why somebody waits, decides, or decides otherwise than the verdict says. Like
 * every entry it is never edited.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID
 */
export function noteExperiment(
  database: Database,
  actor: Actor,
  input: { project: string; experiment: string; note: string },
): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const read = note.safeParse(input.note);
    if (!read.success) throw invalid(read.error.issues.map(({ message }) => message));
    const where = { projectId_key: { projectId: change.project.id, key: input.experiment } };
    const experiment = await change.tx.experiment.findUnique({ where, include: { environment: true } });
    if (!experiment) throw notFound("experiment", input.experiment);
    const { key } = experiment;
    const line = { object: "experiment", objectKey: key, environment: experiment.environment.key } as const;
    change.audit({ ...line, action: "note", sentence: "Noted.", comment: read.data });
    return { key };
  });
}
