import type { Database } from "@telltale/db";
import type { Ruleset } from "@telltale/evaluator";
import { readRuleset } from "@telltale/ruleset";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openShop, system, type TestShop } from "../fixtures.ts";
import { configureFlag, createFlag, getFlag, listAudit, setVisibility } from "../index.ts";

let shop: TestShop;
let database: Database;

beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  for (const key of ["checkout", "base"])
    await createFlag(database, system, { project: "demo/shop", key, name: key, type: "boolean" });
});
afterAll(() => shop.close());

const set = (flag: string, visibility: "server" | "client" | "edge") =>
  setVisibility(database, system, { project: "demo/shop", flag, visibility });

/** Flags of an environment's newest ruleset. */
async function flagsFor(audience: "server" | "client", environment = "production"): Promise<Ruleset["flags"]> {
  const { id } = await database.environment.findFirstOrThrow({ where: { key: environment } });
  return (await readRuleset(database, id, audience))?.flags ?? {};
}

it("publishes what clients get of a flag in every environment, and says so in the audit trail", async () => {
  await set("checkout", "edge");
  for (const environment of ["development", "production"]) {
    expect(Object.keys(await flagsFor("client", environment))).toEqual(["base"]);
    expect((await flagsFor("server", environment)).checkout?.visibility).toBe("edge");
  }
  expect((await getFlag(database, system, { project: "demo/shop", flag: "checkout" })).visibility).toBe("edge");
  const { items } = await listAudit(database, system, { project: "demo/shop" });
  expect(items[0]).toMatchObject({ action: "visibility", objectKey: "checkout" });
  const count = await database.rulesetVersion.count();
  await set("checkout", "edge");
  expect(await database.rulesetVersion.count()).toBe(count);
});

it("keeps prerequisites of what clients decide visible to them, from both sides", async () => {
  await set("base", "server");
  const asking = (expectedRevision: number) =>
    configureFlag(database, system, {
      project: "demo/shop",
      flag: "checkout",
      environment: "production",
      expectedRevision,
      config: {
        on: true,
        off: "off",
        targets: [],
        rules: [],
        serve: { variant: "on" },
        prerequisites: [{ flag: "base", variants: ["on"] }],
      },
    });
  // The edge sees them all.
  await asking(1);
  await expect(set("checkout", "client")).rejects.toMatchObject({
    code: "INVALID",
    message: expect.stringContaining('Production: Browsers decide "checkout" but do not see its prerequisite "base"'),
  });
  await set("base", "client");
  await set("checkout", "client");
  await expect(set("base", "edge")).rejects.toMatchObject({ code: "INVALID" });
  expect(Object.keys(await flagsFor("client"))).toEqual(["base", "checkout"]);
});

it("reads flags that the release before wrote", async () => {
  await database.flag.updateMany({ where: { key: "base" }, data: { visibility: null, clientVisible: false } });
  expect((await getFlag(database, system, { project: "demo/shop", flag: "base" })).visibility).toBe("server");
});
