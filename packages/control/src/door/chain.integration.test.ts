import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShop, system, type TestShop } from "../fixtures.ts";
import { createFlag, verifyAudit } from "../index.ts";

let shop: TestShop;
let database: Database;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  for (const key of ["a", "b", "c", "d", "e"]) {
    await createFlag(database, system, { project: "demo/shop", key, name: key, type: "boolean" });
  }
});
afterAll(() => shop?.close());

describe("the audit trail", () => {
  it("is one chain without gaps, in which any tampering shows", async () => {
    const { organisationId } = shop;
    const whole = await verifyAudit(database, organisationId);
    const lines = await database.auditEvent.findMany({ where: { organisationId }, orderBy: { sequence: "asc" } });
    expect(whole).toMatchObject({ ok: true, lines: lines.length });
    expect(lines.map(({ sequence }) => Number(sequence))).toEqual(lines.map((_, index) => index + 1));
    const victim = lines[Math.floor(lines.length / 2)];
    await database.$executeRaw`alter table audit_event disable trigger all`;
    await database.$executeRaw`update audit_event set sentence = 'Nothing to see.' where id = ${victim?.id}`;
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: false, sequence: victim?.sequence });
    await database.$executeRaw`update audit_event set sentence = ${victim?.sentence} where id = ${victim?.id}`;
    expect(await verifyAudit(database, organisationId)).toEqual(whole);
    await database.$executeRaw`delete from audit_event where id = ${lines.at(-1)?.id}`;
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: false, sequence: lines.at(-1)?.sequence });
  });
});
