import fs from "node:fs";
import { analysisOrder } from "@telltale/control";
import { afterAll, beforeAll, expect, it } from "vitest";
import { analyseTest } from "./experiment/fixtures.ts";
import { openTestBackend, type TestBackend } from "./fixtures.ts";

let shop: TestBackend;
beforeAll(async () => {
  shop = await openTestBackend();
});
afterAll(() => shop?.close());

/** Every call in the shell examples of a page: `ask` is a query, `change` a mutation. */
function callsOf(page: string) {
  const text = fs.readFileSync(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/^(ask|change) ([\w.]+) '([^']+)'/gm)].map(([, verb, procedure = "", input = ""]) => ({
    method: verb === "ask" ? ("GET" as const) : ("POST" as const),
    procedure,
    input,
  }));
}

it("docs/experiments.md: its examples work, one after the other", async () => {
  const { cookie } = await shop.signIn("owner");
  let request = "";
  let snapshot = "";
  const calls = callsOf("experiments.md");
  expect(calls.length).toBeGreaterThan(20);
  for (const { method, procedure, input } of calls) {
    const filled = input.replace('"request": "…"', `"request": "${request}"`);
    const body = JSON.parse(filled.replace('"snapshot": "…"', `"snapshot": "${snapshot}"`));
    const { status, data, error } = await shop.call(cookie, procedure, body, method);
    expect([procedure, input, error, status]).toEqual([procedure, input, undefined, 200]);
    if (procedure === "experiment.refresh") request = String(data?.request);
    if (procedure === "experiment.start") {
      const { id } = await shop.database.experiment.findFirstOrThrow({ where: { key: "banner-test" } });
      const order = await analysisOrder(shop.database, id);
      if (order) snapshot = await analyseTest(shop.database, order, 450);
    }
    if (procedure === "experiment.recompute") expect(data).toMatchObject({ same: true });
  }
});
