import type { Database, Transaction } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShop, system, type TestShop } from "../fixtures.ts";
import { createFlag, verifyAudit } from "../index.ts";

let shop: TestShop;
let database: Database;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  for (const key of ["a", "b", "c", "d", "e"]) await create(key);
});
afterAll(() => shop?.close());

const create = (key: string) => createFlag(database, system, { project: "demo/shop", key, name: key, type: "boolean" });

const verify = () => verifyAudit(database, shop.organisationId);
const readLines = () =>
  database.auditEvent.findMany({ where: { organisationId: shop.organisationId }, orderBy: { sequence: "asc" } });

describe("the audit trail", () => {
  it("is one chain without gaps, with a head that knows its end", async () => {
    const lines = await readLines();
    expect(await verify()).toEqual({
      ok: true,
      lines: lines.length,
      head: BigInt(lines.length),
      hash: lines.at(-1)?.hash,
    });
    expect(lines.map(({ sequence }) => Number(sequence))).toEqual(lines.map((_, index) => index + 1));
  });

  it("is found whole while it is written", async () => {
    let isWriting = true;
    const writing = (async () => {
      for (let at = 0; isWriting; at++) await create(`meanwhile-${at}`);
    })();
    const found = [];
    for (let round = 0; round < 20; round++) found.push((await verify()).ok);
    isWriting = false;
    await writing;
    expect(found).not.toContain(false);
  });

  it("shows any tampering, where and of which kind", async () => {
    const whole = await verify();
    const lines = await readLines();
    const [middle, last] = [lines[Math.floor(lines.length / 2)], lines.at(-1)];
    const tamper = async (change: (tx: Transaction) => Promise<unknown>) => {
      // Undone when it was looked at.
      const done = new Error("looked at");
      let found: unknown;
      const looking = database.$transaction(async (tx) => {
        await tx.$executeRaw`alter table audit_event disable trigger all`;
        await change(tx);
        found = await verifyAudit(tx as Database, shop.organisationId);
        throw done;
      });
      await expect(looking).rejects.toBe(done);
      return found;
    };
    const at = { ok: false, sequence: middle?.sequence, head: whole.head };
    const update = (tx: Transaction) =>
      tx.$executeRaw`update audit_event set sentence = 'Nothing to see.' where id = ${middle?.id}`;
    expect(await tamper(update)).toMatchObject({ ...at, fault: "altered" });
    const remove = (id: bigint | undefined) => (tx: Transaction) =>
      tx.$executeRaw`delete from audit_event where id = ${id}`;
    expect(await tamper(remove(middle?.id))).toMatchObject({ ...at, fault: "missing" });
    expect(await tamper(remove(last?.id))).toMatchObject({ ...at, fault: "cut", sequence: last?.sequence });
    const loseHead = (tx: Transaction) => tx.$executeRaw`delete from organisation_head`;
    expect(await tamper(loseHead)).toMatchObject({ ok: false, fault: "added", sequence: 1n, head: 0n });
    const other = (tx: Transaction) => tx.$executeRaw`update organisation_head set hash = 'another'`;
    expect(await tamper(other)).toMatchObject({ ok: false, fault: "rewritten", sequence: whole.head });
    expect(await verify()).toEqual(whole);
  });
});
