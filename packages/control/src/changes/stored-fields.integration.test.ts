import fs from "node:fs";
import { executeSql } from "@telltale/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { addMember, addPeople, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  applyChange,
  applyDueChanges,
  approveChange,
  createFlag,
  createMetric,
  getChange,
  getMetric,
  proposeChange,
  revertChange,
  scheduleChange,
  setProjectPolicy,
  switchFlag,
  updateMetric,
} from "../index.ts";
import type { CommandList } from "./state.ts";

const project = "demo/shop";
const migration = new URL(
  "../../../../prisma/migrations/20261128164500_instructions_in_stored_changes/migration.sql",
  import.meta.url,
);
let shop: TestShop;
let people: People;
let reviewer: Actor;

beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  reviewer = await addMember(shop, "reviewer", "publisher");
});
afterAll(() => shop?.close());
beforeEach(async () => {
  await setProjectPolicy(shop.database, people.owner, { project, policy: {} });
});

let made = 0;
/** A new metric, at its first revision. */
async function metric(): Promise<string> {
  made += 1;
  const key = `metric-${made}`;
  const definition = { kind: "conversion" as const, source: { event: "buy" } };
  await createMetric(shop.database, system, { project, key, name: key, definition, margin: 0.02 });
  return key;
}
const get = (key: string) => getMetric(shop.database, people.viewer, { project, metric: key });
const stateOf = async (change: number) => (await getChange(shop.database, people.owner, { project, change })).state;
const setMargin = (key: string, margin: number): CommandList[number] => ({
  name: "metric.update",
  input: { project, metric: key, expectedRevision: 1, instructions: [{ kind: "setMargin", margin }] },
});
const withFields = (key: string, fields: CommandList[number]["input"], expectedRevision = 1): CommandList[number] => ({
  name: "metric.update",
  input: { project, metric: key, expectedRevision, ...fields },
});

/** A proposal, as the release before stored it: with fields, and told in its words. */
async function propose(key: string, commands: CommandList, others: CommandList = []): Promise<number> {
  const { database } = shop;
  const asked = { project, title: "More room", commands: [setMargin(key, 0.05), ...others] };
  const { change } = await proposeChange(database, people.owner, asked);
  const { id, preview } = await find(change);
  const lines = (preview as { object: string; sentence: string }[]).map((line) =>
    line.object === "metric" ? { ...line, sentence: "Changed: margin 2 % → 5 %." } : line,
  );
  const data = { commands: [...commands, ...others], preview: lines, fingerprint: `before-${change}` };
  await database.changeSet.update({ where: { id }, data });
  return change;
}
const find = (number: number) => shop.database.changeSet.findFirstOrThrow({ where: { number } });

const upgrade = () => executeSql(shop.url, fs.readFileSync(migration, "utf8"));

it("one with fields that was approved and scheduled before is applied at its time, with its approvals", async () => {
  const { database } = shop;
  const key = await metric();
  const flag = { key: "banner", name: "Banner", type: "boolean" as const };
  await createFlag(database, system, { project, ...flag });
  const on = { name: "flag.switch", input: { project, flag: "banner", environment: "production", on: true } };
  const asked = { project, title: "More room", commands: [setMargin(key, 0.05), on] };
  const { change } = await proposeChange(database, people.owner, asked);
  await setProjectPolicy(database, people.owner, { project, policy: { approvals: [{ count: 1 }] } });
  const { fingerprint } = await getChange(database, reviewer, { project, change });
  await approveChange(database, reviewer, { project, change, fingerprint });
  const at = new Date(Date.now() + 60_000);
  await scheduleChange(database, people.owner, { project, change, at: at.toISOString(), timeZone: "Europe/Berlin" });
  const { id, preview } = await find(change);
  const lines = (preview as object[]).map((line, index) => ({ ...line, ...(index === 0 && { sentence: "Changed." }) }));
  const commands = [withFields(key, { margin: 0.05, minimumEffect: null }), withFields(key, {}), on];
  await database.changeSet.update({ where: { id }, data: { commands, preview: lines, fingerprint: "before" } });
  await database.changeSetNote.updateMany({ where: { changeSetId: id }, data: { fingerprint: "before" } });
  await upgrade();
  // Once more changes nothing.
  await upgrade();
  expect(await applyDueChanges(database, new Date(at.getTime() + 1))).toEqual({ applied: 1, setAside: 0 });
  expect([(await get(key)).margin, await stateOf(change)]).toEqual([0.05, "applied"]);
});

it("one with fields that was applied before is taken back, and every field is as it was", async () => {
  const { database } = shop;
  const key = await metric();
  const before = await get(key);
  const change = await propose(key, [setMargin(key, 0.05)]);
  const { id } = await find(change);
  await updateMetric(database, people.owner, {
    project,
    metric: key,
    instructions: [
      { kind: "setMargin", margin: 0.05 },
      { kind: "setName", name: "Other" },
      { kind: "setMinimumEffect", minimumEffect: 0.1 },
    ],
  });
  const { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin } = before;
  const fields = { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin };
  const inverse = JSON.parse(JSON.stringify([withFields(key, fields as never, 2)]));
  await database.changeSet.update({ where: { id }, data: { state: "applied", inverse } });
  await upgrade();
  const revert = await revertChange(database, people.owner, { project, change });
  await applyChange(database, people.owner, { project, change: revert.change });
  expect(await get(key)).toMatchObject(fields);
});

it("one that would do something else than what was looked at is refused", async () => {
  const { database } = shop;
  const codeOf = async (change: number) =>
    (await refusal(applyChange(database, people.owner, { project, change }))).code;
  const key = await metric();
  const edited = await propose(key, [withFields(key, { margin: 0.05 })]);
  const other = await metric();
  await createFlag(database, system, { project, key: "sale", name: "Sale", type: "boolean" });
  const on = { name: "flag.switch", input: { project, flag: "sale", environment: "production", on: true } };
  const beside = await propose(other, [withFields(other, { margin: 0.05 })], [on]);
  await upgrade();
  await updateMetric(database, people.owner, {
    project,
    metric: key,
    instructions: [{ kind: "setMargin", margin: 0.03 }],
  });
  expect(await codeOf(edited)).toBe("CONFLICT");
  await switchFlag(database, system, { project, flag: "sale", environment: "production", on: true });
  expect(await codeOf(beside)).toBe("CONFLICT");
  const approval = { project, change: beside, fingerprint: "rewritten:of-another" };
  expect((await refusal(approveChange(database, reviewer, approval))).code).toBe("CONFLICT");
  expect(await get(other)).toMatchObject({ margin: 0.02 });
});
