import { actionSchema } from "@telltale/access";
import { keySchema } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import type { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { scopeOf } from "../door/actor.ts";
import { findEnvironment } from "../door/change.ts";
import { refusalOf } from "../door/error.ts";
import { demandSomewhere, enterProject } from "../door/open.ts";
import { inProject } from "../shapes.ts";

export const askedAction = inProject.extend({
  /** Without one, doing it in one of the project's environments is enough. */
  environment: keySchema.optional(),
  action: actionSchema,
});

/** Why somebody may not do something and who can, in the door's own words; null where they may. @throws ControlError NOT_FOUND */
export async function explainAction(
  database: Database,
  actor: Actor,
  input: z.output<typeof askedAction>,
): Promise<string | null> {
  const { project, standing } = await enterProject(database, actor, input.project);
  const asked =
    input.environment === undefined
      ? demandSomewhere(standing, input.action, project)
      : standing.demand(input.action, scopeOf(project, findEnvironment(project, input.environment)));
  return (await refusalOf(asked))?.message ?? null;
}
