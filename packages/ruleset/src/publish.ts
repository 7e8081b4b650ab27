import type { Transaction } from "@telltale/db";
import { type Audience, checkRuleset, type JsonValue } from "@telltale/evaluator";
import { CHANNEL } from "./channel.ts";
import { compile } from "./compile.ts";
import type { EnvironmentSource, FlagConfiguration, SegmentDefinition, Visibility } from "./configuration.ts";

/**
 * Compiles and stores the environment's next rulesets inside the caller's transaction, with an outbox row and NOTIFY.
 * The environment's row is locked first: versions have no gaps, and a later publish sees an earlier one's changes.
 * @returns the new version
 */
export async function publish(tx: Transaction, environmentId: string): Promise<number> {
  const environment = await tx.environment.update({
    where: { id: environmentId },
    data: { rulesetVersion: { increment: 1 } },
    include: { project: true },
  });
  const version = environment.rulesetVersion;
  const name = `${environment.project.key}/${environment.key}`;
  const source = await readSource(tx, environment, name);
  for (const audience of ["server", "client"] satisfies Audience[]) {
    const ruleset = compile(source, audience, version);
    const fault = checkRuleset(ruleset);
    // SDKs rely on it: what is published is well formed.
    if (fault) throw new Error(`${name} compiles to a malformed ruleset, and is not published: ${fault}`);
    await tx.ruleset.create({
      data: { environmentId, audience, version, digest: ruleset.digest, document: JSON.stringify(ruleset) },
    });
  }
  await announce(tx, "ruleset.published", { environmentId, version });
  return version;
}

/** Tells edges to read the keys again, inside the caller's transaction. */
export async function announceKeys(tx: Transaction): Promise<void> {
  await announce(tx, "sdk-keys.changed", { keys: true });
}

async function announce(tx: Transaction, topic: string, payload: Record<string, string | number | boolean>) {
  await tx.outbox.create({ data: { topic, payload } });
  await ring(tx, payload);
}

/** Tells the edges that are listening now; those that are not look for themselves when they are back. */
export async function ring(tx: Transaction, payload: unknown): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CHANNEL}, ${JSON.stringify(payload)})`;
}

/** A flag's visibility; rows of the release before have only the older column. */
export function visibilityOf(flag: { visibility: Visibility | null; clientVisible: boolean }): Visibility {
  return flag.visibility ?? (flag.clientVisible ? "client" : "server");
}

async function readSource(
  tx: Transaction,
  { id: environmentId, projectId, critical }: { id: string; projectId: string; critical: boolean },
  environment: string,
): Promise<EnvironmentSource> {
  const configs = await tx.flagConfig.findMany({
    where: { environmentId },
    include: { flag: { include: { variants: { orderBy: { position: "asc" } } } } },
  });
  const segments = await tx.segment.findMany({ where: { projectId } });
  const holdouts = await tx.holdout.findMany({ where: { projectId, endedAt: null } });
  return {
    environment,
    critical,
    flags: configs.map(({ flag, config }) => ({
      key: flag.key,
      type: flag.type,
      visibility: visibilityOf(flag),
      archived: flag.archivedAt !== null,
      variants: flag.variants.map((variant) => ({ key: variant.key, value: variant.value as JsonValue })),
      config: config as unknown as FlagConfiguration,
    })),
    holdouts: holdouts.map(({ id, key, unit, parts }) => ({ key, by: unit, salt: id, parts })),
    segments: segments.map((segment) => ({
      key: segment.key,
      definition: segment.definition as unknown as SegmentDefinition,
    })),
  };
}
