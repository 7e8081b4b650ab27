import type { Transaction } from "@telltale/db";
import { CHANNEL } from "../channel.ts";
import type { LockedEnvironment } from "./source.ts";
import { AUDIENCES, type Changed, compileStep, digestAfter, digestOfEntries } from "./step.ts";
import { readDigests, writeEntries } from "./stored.ts";

/**
 * Compiles what has changed, and stores the environment's next version inside the caller's transaction, with an outbox
 * row and NOTIFY. The environment's row is locked first: versions have no gaps, and a later publish sees an earlier
 * one's changes. It reads, compiles and writes what is named; with "all" it reads and compiles everything, and writes
 * what comes out otherwise than before. Holdouts and the environment's own fields are compared each time.
 * @returns the new version
 * @throws when the result would be malformed
 */
export async function publish(tx: Transaction, environmentId: string, changed: Changed = "all"): Promise<number> {
  const { version, ...environment } = await lock(tx, environmentId);
  const before = await readDigests(tx, environmentId, version - 1);
  // Nothing compiled before: the first version, or the release before has published in between.
  const isFirst = before.server === undefined || before.client === undefined;
  const step = await compileStep(tx, environment, isFirst ? "all" : changed);
  const versions = AUDIENCES.map((audience) => ({
    audience,
    isWhole: isFirst,
    content: JSON.stringify(isFirst ? step.compiled[audience] : step.changes[audience].map(({ change }) => change)),
    digest: isFirst ? digestOfEntries(step.compiled[audience]) : digestAfter(before[audience], step.changes[audience]),
  }));
  const rows = AUDIENCES.flatMap((audience) =>
    step.changes[audience].map(({ change: [kind, key, value], digest }) => ({
      audience,
      kind,
      key,
      digest,
      content: value === null ? null : JSON.stringify(value),
    })),
  );
  await writeEntries(tx, environmentId, rows);
  await tx.rulesetVersion.createMany({ data: versions.map((row) => ({ environmentId, version, ...row })) });
  await announce(tx, "ruleset.published", { environmentId, version });
  return version;
}

/** Tells edges to read the keys of an environment again, or all keys, inside the caller's transaction. */
export async function announceKeys(tx: Transaction, environmentId?: string): Promise<void> {
  await announce(tx, "sdk-keys.changed", { keys: true, ...(environmentId !== undefined && { environmentId }) });
}

async function announce(tx: Transaction, topic: string, payload: Record<string, string | number | boolean>) {
  await tx.outbox.create({ data: { topic, payload } });
  await ring(tx, payload);
}

/** Tells the edges that are listening now; those that are not look for themselves when they are back. */
export async function ring(tx: Pick<Transaction, "$executeRaw">, payload: unknown): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CHANNEL}, ${JSON.stringify(payload)})`;
}

async function lock(tx: Transaction, environmentId: string): Promise<LockedEnvironment & { version: number }> {
  const [locked] = await tx.$queryRaw<(LockedEnvironment & { version: number })[]>`
    update environment e
       set "publishedVersion" = greatest(e."publishedVersion", e."rulesetVersion") + 1
      from project p
     where e.id = ${environmentId} and p.id = e."projectId"
    returning e.id, e."projectId", p.key || '/' || e.key as name, e.critical, e."publishedVersion" as version`;
  if (!locked) throw new Error(`There is no environment ${environmentId}.`);
  return locked;
}
