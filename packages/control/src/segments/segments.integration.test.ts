import type { SegmentDefinition } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, openShop, type People, refusal, type TestShop } from "../fixtures.ts";
import {
  applyChange,
  getSegment,
  proposeChange,
  revertChange,
  revertSegment,
  saveSegment,
  segmentHistory,
  updateSegment,
} from "../index.ts";

const project = "demo/shop";
const on = (country: string) => [{ attribute: "country", op: "in" as const, values: [country] }];
const start: SegmentDefinition = { included: ["ana", "ben"], excluded: [], rules: [on("DE")] };

let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
});
afterAll(() => shop?.close());

let segments = 0;
/** A new segment, at revision 1. */
async function segment() {
  segments += 1;
  const key = `segment-${segments}`;
  await saveSegment(database, people.owner, { project, key, name: "Crew", definition: start, expectedRevision: null });
  const at = { project, key };
  return {
    at,
    save: (definition: SegmentDefinition, expectedRevision: number, name = "Crew") =>
      saveSegment(database, people.owner, { ...at, name, definition, expectedRevision }),
    read: () => getSegment(database, people.viewer, at),
    history: () => segmentHistory(database, people.viewer, at),
  };
}

describe("a segment's change", () => {
  it("is told in its ids and rules, and kept in its history", async () => {
    const { save, history, at } = await segment();
    const after = { included: ["ana", "cem"], excluded: ["dea"], rules: [on("AT")] };
    const sentence =
      "Ids always in removed (ben); ids always in added: cem; ids never in added: dea; rule 1 removed (country is DE); rule 1 added: country is AT.";
    expect(await save(after, 1)).toEqual({ key: at.key, revision: 2, sentence });
    expect(await history()).toMatchObject([
      { revision: 2, sentence, actorName: "owner", definition: after },
      { revision: 1, sentence: "Created: 2 ids in, 0 out, 1 rule.", definition: start },
    ]);
    const line = await database.auditEvent.findFirstOrThrow({ where: { objectKey: at.key }, orderBy: { id: "desc" } });
    expect([line.sentence, line.detail]).toEqual([
      sentence,
      {
        revision: 2,
        instructions: [
          { kind: "removeIds", list: "included", ids: ["ben"] },
          { kind: "addIds", list: "included", ids: ["cem"] },
          { kind: "addIds", list: "excluded", ids: ["dea"] },
          { kind: "removeRule", when: on("DE") },
          { kind: "addRule", when: on("AT") },
        ],
      },
    ]);
  });

  it("keeps what another has changed of it at the same time", async () => {
    const { save, read, at } = await segment();
    await save({ ...start, included: ["ben", "cem"] }, 1);
    expect(await save({ ...start, included: ["ana", "ben", "dea"], rules: [] }, 1)).toMatchObject({
      revision: 3,
      onTopOf: 2,
      sentence: "Ids always in added: dea; rule 1 removed (country is DE).",
    });
    expect((await read()).definition).toEqual({ included: ["ben", "cem", "dea"], excluded: [], rules: [] });
    const eve = { kind: "addIds" as const, list: "included" as const, ids: ["eve"] };
    expect(
      await updateSegment(database, people.owner, { ...at, instructions: [eve], expectedRevision: 1 }),
    ).toMatchObject({ revision: 4, onTopOf: 3 });
    const all = ["u-1", "u-2", "u-3", "u-4"].map((id) =>
      updateSegment(database, people.owner, { ...at, instructions: [{ ...eve, ids: [id] }], expectedRevision: 1 }),
    );
    await Promise.all(all);
    const { definition, revision } = await read();
    expect([revision, new Set(definition.included)]).toEqual([
      8,
      new Set(["ben", "cem", "dea", "eve", "u-1", "u-2", "u-3", "u-4"]),
    ]);
  });

  it("is refused where both say otherwise of the same", async () => {
    const { save, read } = await segment();
    await save({ ...start, excluded: ["eve"] }, 1, "Staff");
    const error = await refusal(save({ ...start, included: [...start.included, "eve"] }, 1, "People"));
    expect(error).toMatchObject({
      code: "CONFLICT",
      detail: { revision: 2, conflicts: [{ part: "name" }, { part: "id", id: "eve" }] },
    });
    expect((await read()).revision).toBe(2);
    expect((await refusal(save(start, 9))).code).toBe("CONFLICT");
  });

  it("is taken back, as a revision and as a change-set, without what others did", async () => {
    const { save, read, at } = await segment();
    const dea = { kind: "addIds" as const, list: "included" as const, ids: ["dea"] };
    const commands = [{ name: "segment.update", input: { ...at, instructions: [dea], expectedRevision: 1 } }];
    const { change } = await proposeChange(database, people.owner, { project, title: "Dea", commands });
    await save({ ...start, rules: [] }, 1);
    await applyChange(database, people.owner, { project, change });
    await save({ included: ["ana", "ben", "dea"], excluded: ["eve"], rules: [] }, 3);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect((await read()).definition).toEqual({ included: ["ana", "ben"], excluded: ["eve"], rules: [] });
    const back = await revertSegment(database, people.owner, { ...at, toRevision: 1, expectedRevision: 5 });
    expect(back).toMatchObject({ revision: 6, sentence: expect.stringContaining("Reverted to revision 1: ") });
    expect((await read()).definition).toEqual(start);
    const gone = revertSegment(database, people.owner, { ...at, toRevision: 99, expectedRevision: 6 });
    expect((await refusal(gone)).code).toBe("NOT_FOUND");
  });

  it("writes down what is added to a long list, and not the list; so does what takes it back", async () => {
    const { save, read, at } = await segment();
    const included = Array.from({ length: 20_000 }, (_, index) => `customer-${index}`);
    await save({ ...start, included }, 1);
    const one = { kind: "addIds" as const, list: "included" as const, ids: ["one-more"] };
    const commands = [{ name: "segment.update", input: { ...at, instructions: [one] } }];
    const { change } = await proposeChange(database, people.owner, { project, title: "One more", commands });
    await applyChange(database, people.owner, { project, change });
    const { inverse } = await database.changeSet.findFirstOrThrow({ where: { number: change } });
    const undo = { ...at, expectedRevision: 3, instructions: [{ ...one, kind: "removeIds" }] };
    expect(inverse).toEqual([{ name: "segment.update", input: undo }]);
    const [line] = await database.$queryRaw<{ bytes: number }[]>`
      select octet_length(detail::text) as bytes from audit_event where command = 'segment.update' order by id desc limit 1`;
    expect(line?.bytes).toBeLessThan(200);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect((await read()).definition.included).toEqual(included);
  });

  it("is taken back in what it is called, too", async () => {
    const { save, read, at } = await segment();
    const renamed = [{ name: "segment.save", input: { ...at, name: "Staff", definition: start, expectedRevision: 1 } }];
    const { change } = await proposeChange(database, people.owner, { project, title: "Staff", commands: renamed });
    await applyChange(database, people.owner, { project, change });
    expect((await read()).name).toBe("Staff");
    await save({ ...start, included: ["ana"] }, 2, "Staff");
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect(await read()).toMatchObject({ name: "Crew", definition: { ...start, included: ["ana"] } });
  });

  it("writes nothing where the ids only stand in another order", async () => {
    const { save, read } = await segment();
    expect(await save({ ...start, included: ["ben", "ana"] }, 1)).toMatchObject({ sentence: "Nothing changed." });
    expect((await read()).revision).toBe(1);
  });

  it("cannot be rewritten in its history, not even past the door", async () => {
    const { at } = await segment();
    const where = { segment: { key: at.key } };
    const rewriting = database.segmentRevision.updateMany({ where, data: { name: "x" } });
    await expect(rewriting).rejects.toThrow("immutable");
  });
});
