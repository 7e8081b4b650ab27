import { createToken, setMemberRole } from "@telltale/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { procedures } from "../server.ts";
import { addTenant, openTwoTenants } from "./fixtures.ts";
import { inputsOfTenant } from "./inputs.ts";
import { ALLOWED, MEMBERS, type StandingMember } from "./outcomes.ts";

const CODES: Record<number, string> = { 200: "allowed", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND" };

let tenants: Awaited<ReturnType<typeof openTwoTenants>>;
beforeAll(async () => {
  tenants = await openTwoTenants();
});
afterAll(() => tenants?.close());

const methods = new Map(
  procedures.map(({ name, isMutation }) => [name, isMutation ? ("POST" as const) : ("GET" as const)]),
);

/** Sends a cookie, or a token. */
type Credentials = { cookie: string } | { token: string };

const ask = (who: Credentials, procedure: string, input: unknown) => {
  const [cookie, token] = "cookie" in who ? [who.cookie] : ["", who.token];
  return tenants.call(cookie, procedure, input, methods.get(procedure), token);
};

/** What each procedure answers, in the order of the inputs; the message in place of a code that stands in no table. */
async function askAll(who: Credentials, inputs: Record<string, unknown>): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [procedure, input] of Object.entries(inputs)) {
    const { status, error } = await ask(who, procedure, input);
    answers[procedure] = CODES[status] ?? `${status} ${error?.message}`;
  }
  return answers;
}

/** What a token is given; a personal one without any may do all that its person may. */
const ROLES_OF_TOKENS: Partial<Record<StandingMember, string[]>> = {
  "an owner's token for viewing": ["viewer"],
  "a service token to publish": ["publisher"],
};

/** A member of an organisation, with what they show. */
async function join(member: StandingMember, organisation: string): Promise<Credentials> {
  const { database } = tenants;
  const name = `someone-of-${organisation}`;
  const { id: userId } = await tenants.addPerson(name);
  const isOwn = !member.includes("token");
  const role = isOwn ? member : member.startsWith("an editor") ? "editor" : "owner";
  await setMemberRole(database, { kind: "system", name: "demo seed" }, { organisation, userId, role });
  if (isOwn) return tenants.signIn(name);
  const kind = member.startsWith("a service") ? ("service" as const) : ("personal" as const);
  const roles = ROLES_OF_TOKENS[member] ?? [];
  const actor = { kind: "user", userId } as const;
  const given = { organisation, kind, name: "Token", roles: roles.map((each) => ({ role: each })), expiresInDays: 1 };
  return { token: (await createToken(database, actor, given)).secret };
}

describe("who may call what", () => {
  it("is written down for every procedure", () => {
    expect(Object.keys(ALLOWED).sort()).toEqual(procedures.map(({ name }) => name).sort());
    expect(Object.keys(inputsOfTenant(tenants.demo)).sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it.each(MEMBERS.map((member, at) => [member, `tenant-${at}`] as const))("as %s", async (member, organisation) => {
    const tenant = await addTenant(tenants, organisation);
    const answers = await askAll(await join(member, organisation), inputsOfTenant(tenant));
    const expected = Object.entries(ALLOWED).map(([procedure, allowed]) => {
      const refusal = procedure === "session.me" ? "UNAUTHORIZED" : "FORBIDDEN";
      return [procedure, allowed.includes(member) ? "allowed" : refusal];
    });
    expect(answers).toEqual(Object.fromEntries(expected));
    expect(tenants.unexpected).toEqual([]);
  });

  it.each([
    ["whoever is signed out", "", "UNAUTHORIZED", "UNAUTHORIZED"],
    ["an owner of another organisation", "neighbour", "allowed", "NOT_FOUND"],
    ["nobody's member", "outsider", "allowed", "NOT_FOUND"],
  ] as const)("as %s", async (_, name, ofOneself, ofOthers) => {
    const who = name === "" ? { cookie: "" } : await tenants.signIn(name);
    const expected = Object.keys(ALLOWED).map((procedure) => {
      return [procedure, procedure === "session.me" ? ofOneself : ofOthers];
    });
    expect(await askAll(who, inputsOfTenant(tenants.demo))).toEqual(Object.fromEntries(expected));
  });

  it("as whoever sends a token of another organisation, an unknown, an expired or a revoked one", async () => {
    const { database } = tenants;
    const theirs = await join("a service token to publish", "next");
    const ofOthers = Object.keys(ALLOWED).map((procedure) => {
      return [procedure, procedure === "session.me" ? "UNAUTHORIZED" : "NOT_FOUND"];
    });
    expect(await askAll(theirs, inputsOfTenant(tenants.demo))).toEqual(Object.fromEntries(ofOthers));

    const refused = async (token: string) => (await ask({ token }, "flag.list", { project: "next/shop" })).error?.code;
    const token = "token" in theirs ? theirs.token : "";
    expect((await ask(theirs, "flag.list", { project: "next/shop" })).status).toBe(200);
    await database.token.updateMany({ data: { expiresAt: new Date(0) } });
    expect(await refused(token)).toBe("UNAUTHENTICATED");
    await database.token.updateMany({ data: { expiresAt: null, revokedAt: new Date() } });
    expect(await refused(token)).toBe("UNAUTHENTICATED");
    expect(await refused(`${token.slice(0, -1)}_`)).toBe("UNAUTHENTICATED");
    // A cookie does not stand in for a token that opens nothing.
    const { cookie } = await tenants.signIn("neighbour");
    expect((await tenants.call(cookie, "flag.list", { project: "next/shop" }, "GET", token)).status).toBe(401);
  });
});

describe("another tenant's project", () => {
  it.each(procedures)("is answered by $name like one that never was", async ({ name }) => {
    const neighbour = await tenants.signIn("neighbour");
    const theirs = await ask(neighbour, name, inputsOfTenant(tenants.demo)[name]);
    const gone = { ...tenants.demo, organisation: "none", project: "none/shop" };
    const nobodys = await ask(neighbour, name, inputsOfTenant(gone)[name]);
    expect(theirs.status).toBe(nobodys.status);
    expect(theirs.error?.code).toBe(nobodys.error?.code);
    expect(theirs.error?.message.replace("demo", "none")).toBe(nobodys.error?.message);
  });
});
