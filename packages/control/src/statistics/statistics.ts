import { defaultSettings, type StatisticalSettings, statisticalSettingsSchema } from "@telltale/analysis";
import type { Database, Prisma } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { ControlError, invalid } from "../door/error.ts";
import { commitOrganisation, openOrganisation } from "../door/organisation.ts";
import { freezeStarted, keeping } from "../experiments/plan.ts";
import { describeSettings, differenceOf, resolveSettings } from "./settings.ts";

/** How an organisation's results are judged, and what they would be judged by had it set nothing. */
export async function getStatistics(database: Database, actor: Actor, input: { organisation: string }) {
  const { settings, settingsRevision } = await openOrganisation(database, actor, input.organisation);
  return { settings: resolveSettings(settings, {}), defaults: defaultSettings, revision: settingsRevision };
}

export interface NewStatistics {
  organisation: string;
  /** All of them: what is not given is not left as it was. */
  settings: StatisticalSettings;
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
  expectedRevision: number;
}

/**
 * Sets how results are judged from now on. Experiments that have started keep what they started with, those of an older
 * release too: their plan is frozen here, before the change.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID, CONFLICT
 */
export function setStatistics(database: Database, actor: Actor, input: NewStatistics) {
  const read = statisticalSettingsSchema.safeParse(input.settings);
  return commitOrganisation(database, actor, input.organisation, async ({ tx, organisation, audit }) => {
    if (!read.success) throw invalid(read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
    const { id, settings, settingsRevision: revision } = organisation;
    if (revision !== input.expectedRevision) throw conflict(revision);
    const where = { project: { organisationId: id } };
    const running = await tx.experiment.count({ where: { status: "running", ...where } });
    const changes = describeSettings(resolveSettings(settings, {}), read.data);
    if (changes === "") return { revision, sentence: "Nothing changed.", running };
    await freezeStarted(tx, where);
    const claimed = await tx.organisation.updateMany({
      where: { id, settingsRevision: revision },
      data: {
        settings: differenceOf(defaultSettings, read.data) as Prisma.InputJsonObject,
        settingsRevision: revision + 1,
      },
    });
    if (claimed.count === 0) throw conflict(revision + 1);
    const sentence = `Statistical settings: ${changes}.${keeping(running)}`;
    await audit({ action: "statistics", sentence });
    return { revision: revision + 1, sentence, running };
  });
}

function conflict(revision: number): ControlError {
  const message = "Somebody changed these settings meanwhile. Look at the newer ones, then save yours on top of them.";
  return new ControlError("CONFLICT", message, { revision });
}
