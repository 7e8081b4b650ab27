import { type ConfigServe, describeWhenOn, type FlagConfiguration, readConfiguration } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import type { JsonValue } from "@telltale/evaluator";
import { visibilityOf } from "@telltale/ruleset";
import { type Actor, actorName } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { readLastChanges } from "./last-changes.ts";

function experimentIn(config: FlagConfiguration): string | undefined {
  const serves: ConfigServe[] = [...config.rules.map((rule) => rule.serve), config.serve];
  for (const serve of serves) if ("split" in serve && serve.split.experiment) return serve.split.experiment;
  return undefined;
}

/** All flags of a project with their state in each environment, newest change first among equals by key. */
export async function listFlags(
  database: Database,
  actor: Actor,
  input: { project: string; archived?: boolean | undefined },
) {
  const project = await openProject(database, actor, input.project);
  const flags = await database.flag.findMany({
    where: { projectId: project.id, archivedAt: input.archived ? { not: null } : null },
    include: {
      configs: { where: { environment: { archivedAt: null } }, include: { environment: true } },
      variants: { orderBy: { position: "asc" } },
    },
    orderBy: { key: "asc" },
  });
  const last = await readLastChanges(database, project.id);
  return flags.map((flag) => {
    const change = last.get(flag.key);
    return {
      ...describeFlag(flag),
      variants: flag.variants.map(({ key }) => key),
      environments: Object.fromEntries(
        flag.configs.map(({ environment, revision, config }) => {
          const configuration = readConfiguration(config);
          const experiment = experimentIn(configuration);
          const serving = { on: configuration.on, whenOn: describeWhenOn(configuration), whenOff: configuration.off };
          return [environment.key, { revision, ...serving, ...(experiment ? { experiment } : {}) }];
        }),
      ),
      lastChange: change
        ? {
            sentence: change.sentence,
            actorName: actorName(change.actor),
            at: change.createdAt,
            environment: change.environment,
          }
        : null,
    };
  });
}

type FlagRow = Awaited<ReturnType<Database["flag"]["findUniqueOrThrow"]>>;

function describeFlag(flag: FlagRow) {
  const { key, name, type, description, createdAt, archivedAt } = flag;
  return { key, name, type, description, visibility: visibilityOf(flag), createdAt, archivedAt };
}

/** One flag with its configuration in each environment. */
export async function getFlag(database: Database, actor: Actor, input: { project: string; flag: string }) {
  const project = await openProject(database, actor, input.project);
  const flag = await database.flag.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.flag } },
    include: {
      variants: { orderBy: { position: "asc" } },
      configs: { where: { environment: { archivedAt: null } }, include: { environment: true } },
      experiments: { include: { environment: true }, orderBy: { createdAt: "desc" } },
      team: { select: { key: true, name: true } },
    },
  });
  if (!flag) throw notFound("flag", input.flag);
  const configs = [...flag.configs].sort((a, b) => a.environment.position - b.environment.position);
  return {
    ...describeFlag(flag),
    owner: flag.team,
    variants: flag.variants.map((variant) => ({ key: variant.key, value: variant.value as JsonValue })),
    environments: configs.map(({ environment, revision, config, updatedAt }) => ({
      key: environment.key,
      name: environment.name,
      critical: environment.critical,
      revision,
      config: readConfiguration(config),
      updatedAt,
    })),
    experiments: flag.experiments.map((experiment) => ({
      key: experiment.key,
      name: experiment.name,
      status: experiment.status,
      environment: experiment.environment.key,
    })),
  };
}

/** Revisions of a flag, newest first, at most 200. */
export async function flagHistory(
  database: Database,
  actor: Actor,
  input: { project: string; flag: string; environment?: string | undefined },
) {
  const project = await openProject(database, actor, input.project);
  const flag = await database.flag.findUnique({ where: { projectId_key: { projectId: project.id, key: input.flag } } });
  if (!flag) throw notFound("flag", input.flag);
  const revisions = await database.flagRevision.findMany({
    where: { flagId: flag.id, ...(input.environment ? { environment: { key: input.environment } } : {}) },
    include: { environment: true },
    orderBy: [{ createdAt: "desc" }, { revision: "desc" }],
    take: 200,
  });
  return revisions.map((row) => ({
    environment: row.environment.key,
    revision: row.revision,
    sentence: row.sentence,
    comment: row.comment,
    actorName: actorName(row.actor),
    at: row.createdAt,
    config: readConfiguration(row.config),
  }));
}
