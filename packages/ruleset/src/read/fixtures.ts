import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import { publish } from "../index.ts";
import { openTestRulesets } from "../publish/fixtures.ts";
import { type Cause, openRulesetReader, type RulesetReader, type RulesetReaderOptions } from "./index.ts";

/** The sweep never comes where this is set: what arrives, arrives by NOTIFY or by reading after a reconnect. */
export const sweepIntervalMs = 3_600_000;

/** A control plane with two environments of a project, `production` and `other`, and readers of it. */
export async function openWorld(server?: { postgresUrl: string }) {
  const rulesets = await openTestRulesets(server);
  const { database, url } = rulesets;
  const [environmentId, otherId]: [string, string] = [randomUUID(), randomUUID()];
  const organisation = { create: { id: randomUUID(), key: "o", name: "O" } };
  const project = { create: { id: randomUUID(), key: "shop", name: "Shop", organisation } };
  const { projectId } = await database.environment.create({
    data: { id: environmentId, key: "production", name: "P", position: 0, project },
  });
  await database.environment.create({ data: { id: otherId, key: "other", name: "O", position: 1, projectId } });

  const publishNext = (id = environmentId) => database.$transaction((tx) => publish(tx, id, {}));
  await publishNext();
  for (let i = 0; i < 2; i++) await publishNext(otherId);

  /** What `publish` does where nothing changes, but nobody is told. @returns the version */
  async function publishUnheard(id = environmentId): Promise<number> {
    const [row] = await database.$queryRaw<{ version: number }[]>`
      with next as (update environment set "publishedVersion" = "publishedVersion" + 1 where id = ${id} returning *)
      insert into ruleset_version ("environmentId", audience, version, "isWhole", content, digest)
      select distinct v."environmentId", v.audience, next."publishedVersion", false, '[]', v.digest
        from next join ruleset_version v on v."environmentId" = next.id and v.version = next."publishedVersion" - 1
      returning version`;
    return row?.version ?? 0;
  }

  /** A reader of `production` that disposes itself, and what it said from then on. */
  async function open(options: Partial<RulesetReaderOptions>) {
    const said: string[] = [];
    const reader: RulesetReader = await openRulesetReader({
      databaseUrl: url,
      onFound: (_changes, cause: Cause) => said.push(cause),
      onAway: () => said.push("away"),
      onBack: () => said.push("back"),
      ...options,
    });
    await Promise.all((["server", "client"] as const).map((audience) => reader.activate(environmentId, audience)));
    said.length = options.initial ? said.length : 0;
    return Object.assign(reader, { said, [Symbol.asyncDispose]: () => reader.close() });
  }

  const versionOf = (reader: RulesetReader) => reader.current(environmentId, "server")?.version ?? 0;
  const reaches = (reader: RulesetReader, version: number) =>
    vi.waitFor(() => expect(versionOf(reader)).toBe(version), { timeout: 20_000 });

  const close = () => rulesets[Symbol.asyncDispose]();
  const of = { url, database, environmentId, otherId, projectId };
  return { ...of, publishNext, publishUnheard, open, versionOf, reaches, close };
}
