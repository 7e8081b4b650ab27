import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { procedures } from "../server.ts";
import { inputsOf, openTwoTenants } from "./fixtures.ts";
import { ACTORS, OUTCOMES } from "./outcomes.ts";

const NAMES: Record<(typeof ACTORS)[number], string | null> = {
  ...{ "signed out": null, viewer: "viewer", owner: "owner", neighbour: "neighbour", "nobody's member": "outsider" },
};
const CODES: Record<number, string> = { 200: "allowed", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND" };

let tenants: Awaited<ReturnType<typeof openTwoTenants>>;
const cookies = new Map<string, string>();
beforeAll(async () => {
  tenants = await openTwoTenants();
  for (const [actor, name] of Object.entries(NAMES)) {
    cookies.set(actor, name === null ? "" : (await tenants.signIn(name)).cookie);
  }
});
afterAll(() => tenants?.close());

const methods = new Map(
  procedures.map(({ name, isMutation }) => [name, isMutation ? ("POST" as const) : ("GET" as const)]),
);
const ask = (actor: string, procedure: string, input: unknown) =>
  tenants.call(cookies.get(actor) ?? "", procedure, input, methods.get(procedure));

describe("who may call what", () => {
  it("is written down for every procedure", () => {
    expect(Object.keys(OUTCOMES).sort()).toEqual(procedures.map(({ name }) => name).sort());
    expect(Object.keys(inputsOf(tenants.demo)).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  // Those who may change things come last: what they change is not there for the others otherwise.
  it.each(["signed out", "neighbour", "nobody's member", "viewer", "owner"] as const)("as %s", async (actor) => {
    const column = ACTORS.indexOf(actor);
    const answers: [string, string][] = [];
    for (const [procedure, input] of Object.entries(inputsOf(tenants.demo))) {
      const { status, error } = await ask(actor, procedure, input);
      answers.push([procedure, CODES[status] ?? `${status} ${error?.message}`]);
    }
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(Object.entries(OUTCOMES).map(([procedure, row]) => [procedure, row[column]])),
    );
    expect(tenants.unexpected).toEqual([]);
  });
});

describe("another tenant's project", () => {
  it.each(procedures)("is answered by $name like one that never was", async ({ name }) => {
    const theirs = await ask("neighbour", name, inputsOf(tenants.demo)[name]);
    const gone = { ...tenants.demo, organisation: "none", project: "none/shop" };
    const nobodys = await ask("neighbour", name, inputsOf(gone)[name]);
    expect(theirs.status).toBe(nobodys.status);
    expect(theirs.error?.code).toBe(nobodys.error?.code);
    expect(theirs.error?.message.replace("demo", "none")).toBe(nobodys.error?.message);
  });
});
