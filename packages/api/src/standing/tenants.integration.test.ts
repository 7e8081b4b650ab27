import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { procedures } from "../server.ts";
import { openTwoTenants, type Tenant } from "./fixtures.ts";
import { inputsOfTenant } from "./inputs.ts";

let tenants: Awaited<ReturnType<typeof openTwoTenants>>;
let cookies: Record<"demo" | "next", string>;
beforeAll(async () => {
  tenants = await openTwoTenants();
  cookies = { demo: (await tenants.signIn("owner")).cookie, next: (await tenants.signIn("neighbour")).cookie };
});
afterAll(() => tenants?.close());

const queries = procedures.filter(({ isMutation, name }) => !isMutation && name !== "session.me");
const mutations = procedures.filter(({ isMutation }) => isMutation);

/** Everything that can be read of a tenant, by its owner. Lags and the day's counts move with the clock. */
async function readAll(tenant: Tenant, cookie: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { name } of queries) {
    if (name.startsWith("ingestion.") || name === "flag.usage") continue;
    found[name] = (await tenants.call(cookie, name, inputsOfTenant(tenant)[name])).data;
  }
  return found;
}

describe("two tenants whose things have equal keys", () => {
  it("each see their own only", async () => {
    const { demo, next } = tenants;
    const theirs = JSON.stringify(await readAll(next, cookies.next));
    const ours = JSON.stringify(await readAll(demo, cookies.demo));
    for (const mark of ["Key of", "one of", "Spare of", "Metric of"]) {
      expect([mark, theirs.includes(`${mark} next`), ours.includes(`${mark} demo`)]).toEqual([mark, true, true]);
      expect([mark, theirs.includes(`${mark} demo`), ours.includes(`${mark} next`)]).toEqual([mark, false, false]);
    }
    for (const id of [demo.snapshot, demo.request, demo.key.id]) expect(theirs).not.toContain(id);
    for (const id of [next.snapshot, next.request, next.key.id]) expect(ours).not.toContain(id);
  });

  it("do not reach each other's things by id from within their own project", async () => {
    const { demo, next } = tenants;
    const at = { project: next.project, experiment: "running" };
    const asked: [string, object, "GET" | "POST"][] = [
      ["experiment.snapshot", { ...at, snapshot: demo.snapshot }, "GET"],
      ["experiment.recompute", { ...at, snapshot: demo.snapshot }, "GET"],
      ["experiment.results", { ...at, snapshot: demo.snapshot }, "GET"],
      ["experiment.request", { ...at, request: demo.request }, "GET"],
      ["key.revoke", { project: next.project, id: demo.key.id }, "POST"],
    ];
    for (const [procedure, input, method] of asked) {
      expect(await tenants.call(cookies.next, procedure, input, method), procedure).toMatchObject({ status: 404 });
    }
  });

  it("change nothing of each other, whatever one of them does in whatever order", async () => {
    const { demo, next } = tenants;
    const before = await readAll(demo, cookies.demo);
    const act = fc.record({ procedure: fc.constantFrom(...mutations), at: fc.constantFrom(demo, next) });
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
        for (const { procedure, at } of acts) {
          const input = inputsOfTenant({ ...at, key: next.key })[procedure.name];
          const { status } = await tenants.call(cookies.next, procedure.name, input, "POST");
          if (at === demo) expect([procedure.name, status]).toEqual([procedure.name, 404]);
          else if (status === 200) done += 1;
        }
        expect(await readAll(demo, cookies.demo)).toEqual(before);
      }),
      { numRuns: 12, seed: 1 },
    );
    // They did change things of their own meanwhile.
    expect(done).toBeGreaterThan(8);
    expect(tenants.unexpected).toEqual([]);
  });
});
