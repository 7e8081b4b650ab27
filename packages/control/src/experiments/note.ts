import { z } from "zod";
import { demandIn } from "../door/actor.ts";
import { defineCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { inExperiment, onlyKey } from "../shapes.ts";

const note = z.string().trim().min(1, "Write something first.").max(2_000, "A note has at most 2,000 letters.");

/** Like every entry of the log a note is never edited. */
export const noteExperiment = defineCommand({
  name: "experiment.note",
  describe:
    "Writes a note into an experiment's log: why somebody waits, decides, or decides otherwise than the verdict.",
  input: inExperiment.extend({ note }),
  output: onlyKey,
  action: "experiment.update",
  isReversible: false,
  async apply(change, input) {
    const where = { projectId_key: { projectId: change.project.id, key: input.experiment } };
    const experiment = await change.tx.experiment.findUnique({ where, include: { environment: true } });
    if (!experiment) throw notFound("experiment", input.experiment);
    await demandIn(change, "experiment.update", [experiment.environmentId]);
    const { key } = experiment;
    const line = { object: "experiment", objectKey: key, environment: experiment.environment.key } as const;
    change.audit({ ...line, sentence: "Noted.", comment: input.note });
    return { output: { key } };
  },
});
