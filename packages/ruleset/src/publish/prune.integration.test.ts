import { randomUUID } from "node:crypto";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keepWholes, pruneRulesets, publish, readRuleset } from "../index.ts";
import { openTestRulesets, type TestRulesets } from "./fixtures.ts";

let rulesets: TestRulesets;
let database: Database;

beforeAll(async () => {
  rulesets = await openTestRulesets();
  ({ database } = rulesets);
});

afterAll(() => rulesets?.[Symbol.asyncDispose]());

it("removes what nothing needs; what stays can be rebuilt", async () => {
  const environmentId = randomUUID();
  const organisation = { create: { id: randomUUID(), key: "o", name: "O" } };
  const project = { create: { id: randomUUID(), key: "shop", name: "Shop", organisation } };
  const data = { id: environmentId, key: "production", name: "P", position: 0, project };
  const { projectId } = await database.environment.create({ data });
  for (let i = 0; i < 180; i++) await database.$transaction((tx) => publish(tx, environmentId, {}));
  expect(await keepWholes(database)).toBe(3);
  const before = await readRuleset(database, environmentId, "client", 70);
  const flag = { create: { id: randomUUID(), projectId, key: "f", name: "F", type: "boolean" as const } };
  const { createdAt: startedAt } = await database.rulesetVersion.findFirstOrThrow({
    where: { environmentId, version: 70 },
  });
  await database.experiment.create({
    data: {
      id: randomUUID(),
      key: "x",
      name: "X",
      arms: [],
      startedAt,
      flag,
      environment: { connect: { id: environmentId } },
      project: { connect: { id: projectId } },
    },
  });
  const [{ version: referred } = { version: 0 }] = await database.$queryRaw<{ version: number }[]>`
    select max(version) as version from ruleset_version where "createdAt" <= ${startedAt}`;
  const keep = { versions: 10, since: new Date(Date.now() + 60_000) };
  expect(await pruneRulesets(database, { ...keep, since: new Date(0) })).toBe(0);
  expect(await pruneRulesets(database, keep)).toBeGreaterThan(0);
  expect(await pruneRulesets(database, keep)).toBe(0);
  expect(await readRuleset(database, environmentId, "client", 70)).toEqual(before);
  const stands = async (version: number) =>
    (await readRuleset(database, environmentId, "client", version)) !== undefined;
  // 1 and 51 to 150 lead to nothing but the version of the experiment; 151 is the whole one before the ten newest.
  expect(await Promise.all([1, 50, referred + 1, 150].map(stands))).toEqual([false, false, false, false]);
  expect(await Promise.all([51, referred, 151, 171, 180].map(stands))).toEqual([true, true, true, true, true]);
  expect(await database.$transaction((tx) => publish(tx, environmentId, {}))).toBe(181);
});
