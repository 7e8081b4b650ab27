import { namedSegments, readConfiguration } from "@telltale/configuration";
import type { Model, Transaction } from "@telltale/db";
import type { Journal, Touched } from "./change.ts";

/** Whom a change reaches in one environment. */
export interface Affected {
  project: string;
  environment: string;
  /** Keys of flags that may be served otherwise: changed themselves, by a segment that they use, or behind such a flag. */
  flags: string[];
  /** Keys of running experiments on these flags. */
  experiments: string[];
}

export type TouchedEnvironment = Model.Environment & { project: Model.Project };

/** The environments that a commit touched, in the order of their projects and from left to right. */
export async function readTouched(
  tx: Transaction,
  { touched }: Pick<Journal, "touched">,
): Promise<TouchedEnvironment[]> {
  if (touched.size === 0) return [];
  return tx.environment.findMany({
    where: { id: { in: [...touched.keys()] } },
    include: { project: true },
    orderBy: [{ projectId: "asc" }, { position: "asc" }],
  });
}

/** Whom a commit reaches in the environments that it touched. */
export async function readAffected(
  tx: Transaction,
  environments: readonly TouchedEnvironment[],
  { touched }: Pick<Journal, "touched">,
): Promise<Affected[]> {
  const found: Affected[] = [];
  for (const environment of environments) {
    const { id, key, project } = environment;
    const flags = await readFlags(tx, environment, touched.get(id)?.reached ?? {});
    const running = await tx.experiment.findMany({
      where: { environmentId: id, status: "running", flag: { key: { in: flags } } },
      orderBy: { key: "asc" },
    });
    found.push({ project: project.key, environment: key, flags, experiments: running.map((one) => one.key) });
  }
  return found;
}

async function readFlags(
  tx: Transaction,
  { id: environmentId, projectId }: TouchedEnvironment,
  reached: Touched["reached"],
): Promise<string[]> {
  if (reached === "all") {
    const all = await tx.flag.findMany({ where: { projectId, archivedAt: null }, orderBy: { key: "asc" } });
    return all.map(({ key }) => key);
  }
  const { flags = [], segments = [] } = reached;
  const using = segments.length === 0 ? [] : await readUsing(tx, environmentId, segments);
  return (await addDependents(tx, environmentId, [...flags, ...using])).sort();
}

/** Flags with rules that name one of the segments. */
async function readUsing(tx: Transaction, environmentId: string, segments: readonly string[]): Promise<string[]> {
  const where = { environmentId, flag: { archivedAt: null } };
  const configs = await tx.flagConfig.findMany({ where, include: { flag: { select: { key: true } } } });
  const isUsing = (config: unknown) => namedSegments(readConfiguration(config)).some((key) => segments.includes(key));
  return configs.filter(({ config }) => isUsing(config)).map(({ flag }) => flag.key);
}

/** These flags and those behind prerequisites on them: a step of the way a query. */
async function addDependents(tx: Transaction, environmentId: string, first: readonly string[]): Promise<string[]> {
  const found = new Set(first);
  for (let keys = [...found]; keys.length > 0; ) {
    const variables = JSON.stringify({ keys });
    const rows = await tx.$queryRaw<{ key: string }[]>`
      select f.key from flag_config c join flag f on f.id = c."flagId"
       where c."environmentId" = ${environmentId} and f."archivedAt" is null
         and jsonb_path_exists(c.config, '$.prerequisites[*].flag ? (@ == $keys[*])', ${variables}::jsonb)`;
    keys = rows.map(({ key }) => key).filter((key) => !found.has(key));
    for (const key of keys) found.add(key);
  }
  return [...found];
}
