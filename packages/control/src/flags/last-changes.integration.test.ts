import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../door/open.ts";
import { openShop, system, type TestShop } from "../fixtures.ts";
import { createFlag, listFlags, switchFlag } from "../index.ts";
import { readLastChanges } from "./last-changes.ts";

const project = "demo/shop";
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
  const { database } = shop;
  for (const key of ["busy", "quiet", "young"]) {
    await createFlag(database, system, { project, key, name: key, type: "boolean" });
  }
  const { id } = await openProject(database, system, project);
  await database.$executeRaw`
    insert into audit_event ("projectId", object, "objectKey", action, sentence, actor, detail)
    select ${id}, 'flag', 'busy', 'configure', 'Change ' || n, '{"name": "Ana"}', '{}' from generate_series(1, 20000) n`;
  // As the database does by itself after a while, so that it plans by what is there.
  await database.$executeRaw`analyze audit_event`;
  // A segment may have a flag's key.
  await database.auditEvent.create({
    data: {
      projectId: id,
      object: "segment",
      objectKey: "quiet",
      action: "create",
      sentence: "Created.",
      actor: { name: "Li" },
      detail: {},
    },
  });
  const at = { project, flag: "young", environment: "production" };
  await switchFlag(database, system, { ...at, on: true, expectedRevision: 1 });
  await database.$executeRaw`analyze audit_event`;
});
afterAll(() => shop?.close());

it("the flag list says the newest change of each flag", async () => {
  const flags = await listFlags(shop.database, system, { project });
  expect(flags.map(({ key, lastChange }) => [key, lastChange?.sentence, lastChange?.actorName])).toEqual([
    ["busy", "Change 20000", "Ana"],
    ["quiet", "Created as a boolean flag, off everywhere.", "demo seed"],
    ["young", "Turned on.", "demo seed"],
  ]);
  const young = flags.find(({ key }) => key === "young")?.lastChange;
  expect([young?.environment, young?.at instanceof Date]).toEqual(["production", true]);
});

it("and reads a line a flag for that, not the whole trail", async () => {
  const { id } = await openProject(shop.database, system, project);
  const read = await shop.database.$transaction(async (tx) => {
    const changes = await readLastChanges(tx, id);
    const [row] = await tx.$queryRaw<{ lines: bigint }[]>`
      select seq_tup_read + coalesce(idx_tup_fetch, 0) as lines
        from pg_stat_xact_user_tables where relname = 'audit_event'`;
    return { flags: changes.size, lines: Number(row?.lines) };
  });
  // One or two each, by how the planner guesses; not the 20,000.
  expect(read.flags).toBe(3);
  expect(read.lines).toBeLessThanOrEqual(6);
});
