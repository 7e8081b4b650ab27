import { type FlagConfiguration, readConfiguration } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";
import type { Journal, Touched } from "./change.ts";

/** Whom a change reaches in one environment. */
export interface Affected {
  project: string;
  environment: string;
  /** Keys of flags that may be served otherwise: changed themselves, or by a segment that they use. */
  flags: string[];
  /** Keys of running experiments on these flags. */
  experiments: string[];
}

/** Whom a commit reaches, by the environments that it touched, in the order of their projects and from left to right. */
export async function readAffected(tx: Transaction, { touched }: Pick<Journal, "touched">): Promise<Affected[]> {
  const environments = await tx.environment.findMany({
    where: { id: { in: [...touched.keys()] } },
    include: { project: true },
    orderBy: [{ projectId: "asc" }, { position: "asc" }],
  });
  const found: Affected[] = [];
  for (const { id, key, projectId, project } of environments) {
    const changed = touched.get(id)?.changed ?? {};
    const flags = await readFlags(tx, { projectId, environmentId: id }, changed);
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
  { projectId, environmentId }: { projectId: string; environmentId: string },
  changed: Touched["changed"],
): Promise<string[]> {
  if (changed === "all") {
    const all = await tx.flag.findMany({ where: { projectId, archivedAt: null }, orderBy: { key: "asc" } });
    return all.map(({ key }) => key);
  }
  const { flags = [], segments = [] } = changed;
  if (segments.length === 0) return [...new Set(flags)].sort();
  const where = { environmentId, flag: { archivedAt: null } };
  const configs = await tx.flagConfig.findMany({ where, include: { flag: { select: { key: true } } } });
  const using = configs.filter(({ config }) => usesSegment(readConfiguration(config), segments));
  return [...new Set([...flags, ...using.map(({ flag }) => flag.key)])].sort();
}

/** Whether one of a flag's rules refers to one of the segments. */
export function usesSegment(config: FlagConfiguration, segments: readonly string[]): boolean {
  return config.rules.some((rule) =>
    rule.when.some((condition) => "segments" in condition && condition.segments.some((key) => segments.includes(key))),
  );
}
