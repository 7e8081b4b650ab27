import { defaultSettings, statisticalSettingsSchema } from "@telltale/analysis";
import { keySchema } from "@telltale/configuration";
import type { Database, Prisma } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { openOrganisation } from "../door/open.ts";
import { freezeStarted, keeping } from "../experiments/plan.ts";
import { revision as revisionSchema } from "../shapes.ts";
import { describeSettings, differenceOf, resolveSettings } from "./settings.ts";

/** How an organisation's results are judged, and what they would be judged by had it set nothing. */
export async function getStatistics(database: Database, actor: Actor, input: { organisation: string }) {
  const { settings, settingsRevision } = await openOrganisation(database, actor, input.organisation);
  return { settings: resolveSettings(settings, {}), defaults: defaultSettings, revision: settingsRevision };
}

/**
 * Experiments that have started keep what they started with, those of an older release too: their plan is frozen here,
 * before the change.
 */
export const setStatistics = defineOrganisationCommand({
  name: "organisation.setStatistics",
  describe: "Sets how results are judged from now on.",
  input: z.object({
    organisation: keySchema,
    /** All of them: what is not given is not left as it was. */
    settings: statisticalSettingsSchema,
    /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
    expectedRevision: revisionSchema,
  }),
  output: z.object({ revision: z.number(), sentence: z.string(), running: z.number() }),
  action: "statistics.update",
  async apply({ tx, organisation, audit }, input) {
    const { id, settings, settingsRevision: revision } = organisation;
    if (revision !== input.expectedRevision) throw conflict(revision);
    const where = { project: { organisationId: id } };
    const running = await tx.experiment.count({ where: { status: "running", ...where } });
    const changes = describeSettings(resolveSettings(settings, {}), input.settings);
    if (changes === "") return { output: { revision, sentence: "Nothing changed.", running }, inverse: [] };
    await freezeStarted(tx, where);
    const claimed = await tx.organisation.updateMany({
      where: { id, settingsRevision: revision },
      data: {
        settings: differenceOf(defaultSettings, input.settings) as Prisma.InputJsonObject,
        settingsRevision: revision + 1,
      },
    });
    if (claimed.count === 0) throw conflict(revision + 1);
    const sentence = `Statistical settings: ${changes}.${keeping(running)}`;
    audit({ object: "organisation", objectKey: organisation.key, sentence });
    const before = { organisation: organisation.key, settings: resolveSettings(settings, {}) };
    const undo = { ...before, expectedRevision: revision + 1 };
    return {
      output: { revision: revision + 1, sentence, running },
      inverse: [{ name: "organisation.setStatistics", input: undo }],
    };
  },
});

function conflict(revision: number): ControlError {
  const message = "Somebody changed these settings meanwhile. Look at the newer ones, then save yours on top of them.";
  return new ControlError("CONFLICT", message, { revision });
}
