import {
  type FlagConfiguration,
  namedSegments,
  type OtherFlag,
  type References,
  readConfiguration,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { visibilityOf } from "@telltale/ruleset";
import type { ProjectChange } from "../door/change.ts";

interface Asked {
  flag: Model.Flag & { variants: { key: string }[] };
  environmentId: string;
  config: FlagConfiguration;
}

/**
 * What a configuration names, as it is now: read by key, so that the cost does not grow with the flags and segments that
 * it does not name.
 */
export async function readReferences(
  change: ProjectChange,
  { flag, environmentId, config }: Asked,
): Promise<References> {
  const named = namedSegments(config);
  const where = { projectId: change.project.id, key: { in: named } };
  const segments = named.length === 0 ? [] : await change.tx.segment.findMany({ where, select: { key: true } });
  const experiments = await change.tx.experiment.findMany({
    where: { flagId: flag.id, environmentId, status: "running" },
    select: { key: true },
  });
  const first = [flag.key, ...(config.prerequisites ?? []).map((one) => one.flag)];
  return {
    flags: config.prerequisites?.length ? await readFlags(change, environmentId, first) : new Map(),
    variants: new Set(flag.variants.map(({ key }) => key)),
    segments: new Set(segments.map(({ key }) => key)),
    experiments: new Set(experiments.map(({ key }) => key)),
  };
}

/** These flags and all that they ask for, along their prerequisites: a step of the way a query. */
async function readFlags(
  change: ProjectChange,
  environmentId: string,
  first: string[],
): Promise<Map<string, OtherFlag>> {
  const found = new Map<string, OtherFlag>();
  const seen = new Set(first);
  for (let keys = first; keys.length > 0; ) {
    const configs = await change.tx.flagConfig.findMany({
      where: { environmentId, flag: { projectId: change.project.id, key: { in: keys }, archivedAt: null } },
      include: { flag: { include: { variants: true } } },
    });
    for (const { flag, config } of configs) found.set(flag.key, otherFlag(flag, config));
    const next = configs.flatMap(({ flag }) => found.get(flag.key)?.prerequisites ?? []);
    keys = [...new Set(next)].filter((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
  }
  return found;
}

function otherFlag(flag: Asked["flag"], config: unknown): OtherFlag {
  const { prerequisites = [] } = readConfiguration(config);
  return {
    variants: new Set(flag.variants.map(({ key }) => key)),
    visibility: visibilityOf(flag),
    prerequisites: prerequisites.map((one) => one.flag),
  };
}
