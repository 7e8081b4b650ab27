import type { ProjectChange } from "../door/change.ts";
import { initialConfiguration } from "../flags/initial.ts";

/**
 * Makes flags wait that are created meanwhile: their rows point at the project's, which is locked here, and they look for
 * its environments behind that.
 */
export async function lockProject({ tx, project }: Pick<ProjectChange, "tx" | "project">): Promise<void> {
  await tx.$queryRaw`select 1 from project where id = ${project.id} for update`;
}

/** Gives the environment every flag of the project that it does not have yet, switched off. @returns how many */
export async function fillEnvironment({ tx, project, actor }: ProjectChange, environmentId: string): Promise<number> {
  const flags = await tx.flag.findMany({
    where: { projectId: project.id, configs: { none: { environmentId } } },
    select: { id: true, variants: { select: { key: true }, orderBy: { position: "asc" } } },
  });
  const rows = flags.map(({ id: flagId, variants }) => {
    const config = initialConfiguration(variants);
    return { flagId, environmentId, revision: 1, config };
  });
  const sentence = "Off, as every flag begins in an environment.";
  await tx.flagConfig.createMany({ data: rows });
  await tx.flagRevision.createMany({ data: rows.map((row) => ({ ...row, sentence, actor: { ...actor } })) });
  return rows.length;
}
