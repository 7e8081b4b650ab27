import { createDatabase, startTestDatabases } from "@telltale/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  type Database,
  ensureOrganisation,
  ensureUser,
  openDatabase,
  openSignIn,
  type SignIn,
  setMemberRole,
  verifyAudit,
} from "../index.ts";

const publicUrl = "https://flags.example.com";
const password = "password of somebody";
let close: () => Promise<void>;
let database: Database;
let signIn: SignIn;
const said: string[] = [];

beforeAll(async () => {
  const databases = await startTestDatabases();
  const postgres = await createDatabase(databases.postgresUrl);
  database = openDatabase(postgres.url);
  signIn = openSignIn(database, {
    secret: "0123456789abcdefghijklmnopqrstuvwxyz",
    publicUrl,
    log: (_level, message) => said.push(message),
  });
  for (const name of ["ann", "bob"])
    await ensureUser(database, signIn, { name, email: `${name}@example.com`, password });
  close = async () => {
    await database.$disconnect();
    await postgres[Symbol.asyncDispose]();
    await databases[Symbol.asyncDispose]();
  };
});
afterAll(() => close?.());
beforeEach(async () => void (await database.signInAttempt.deleteMany()));

interface Guess {
  email?: string;
  password?: string;
  address?: string;
  headers?: Record<string, string>;
}

function send({
  email = "ann@example.com",
  address = "203.0.113.9",
  headers = {},
  ...guess
}: Guess): Promise<Response> {
  return signIn.handler(
    new Request(`${publicUrl}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: publicUrl, "x-telltale-address": address, ...headers },
      body: JSON.stringify({ email, password: guess.password ?? "a wrong password" }),
    }),
  );
}

async function statuses(guesses: Guess[]): Promise<number[]> {
  return Promise.all(guesses.map(async (guess) => (await send(guess)).status));
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const checked = (codes: number[]) => codes.filter((code) => code === 401).length;

it("checks ten guesses at an account, whatever a header says of where they come from", async () => {
  const guesses = times(40, (index) => ({ headers: { "x-forwarded-for": `198.51.100.${index}` } }));
  expect(checked(await statuses(guesses))).toBe(10);
  const answer = await send({ password });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ code: "TOO_MANY_ATTEMPTS" });
});

it("checks ten guesses at an account, also when they do come from many addresses, and however it is written", async () => {
  const guesses = times(40, (index) => ({
    address: `198.51.100.${index}`,
    email: index % 2 ? "ann@example.com" : " ANN@example.com",
  }));
  const codes = await statuses(guesses);
  expect(codes.filter((code) => code === 429).length).toBe(30);
});

it("checks thirty guesses from an address, at however many accounts, and a /64 is one address", async () => {
  const guesses = times(60, (index) => ({ email: `p${index}@example.com`, address: `2001:db8:0:1::${index + 1}` }));
  expect(checked(await statuses(guesses))).toBe(30);
  expect((await send({ email: "bob@example.com", password, address: "2001:db8:0:2::1" })).status).toBe(200);
});

it("does not lock a person out, at an address of that person, by guesses from elsewhere", async () => {
  expect((await send({ password, address: "192.0.2.1" })).status).toBe(200);
  await statuses(times(20, (index) => ({ address: `198.51.100.${index}` })));
  expect((await send({ password, address: "192.0.2.2" })).status).toBe(429);
  expect((await send({ password, address: "192.0.2.1" })).status).toBe(200);
  expect(checked(await statuses(times(20, () => ({ address: "192.0.2.1" }))))).toBe(10);
});

it("counts anew after the right password", async () => {
  for (let round = 0; round < 4; round++) {
    expect(await statuses(times(3, () => ({})))).toEqual([401, 401, 401]);
    expect((await send({ password })).status).toBe(200);
  }
});

it("gives a Secure cookie behind TLS, to its own origin only", async () => {
  const answer = await send({ password });
  expect(answer.headers.getSetCookie().join("\n")).toMatch(/^__Secure-better-auth\.session_token=.*; Secure/);
  expect((await send({ password, headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
});

it("writes what it has to say where it was told to", async () => {
  said.length = 0;
  await send({ password, headers: { origin: "https://elsewhere.example" } });
  expect(said.join("\n")).toContain("elsewhere.example");
});

async function post(path: string, cookie: string, body: object): Promise<Response> {
  const headers = {
    "content-type": "application/json",
    origin: publicUrl,
    cookie,
    "x-telltale-address": "203.0.113.7",
  };
  return signIn.handler(
    new Request(`${publicUrl}/api/auth${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

async function openSession(given: string): Promise<string> {
  const answer = await send({ email: "eve@example.com", password: given });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

it("tells the audit trail of each organisation who signed in, failed, changed the password, and signed out", async () => {
  const { id: userId } = await ensureUser(database, signIn, { name: "eve", email: "eve@example.com", password });
  const system = { kind: "system", name: "demo seed" } as const;
  for (const key of ["acme", "beta"]) {
    await ensureOrganisation(database, { key, name: key });
    await setMemberRole(database, system, { organisation: key, userId, role: "owner" });
  }
  await send({ email: "eve@example.com" });
  const here = await openSession(password);
  const elsewhere = await openSession(password);
  const isOpen = async (cookie: string) => (await signIn.api.getSession({ headers: new Headers({ cookie }) })) !== null;
  expect([await isOpen(here), await isOpen(elsewhere)]).toEqual([true, true]);
  expect((await post("/update-user", here, { name: "e".repeat(100_000) })).status).toBe(400);
  for (const name of [5, null, "", "  "]) expect((await post("/update-user", here, { name })).status).toBe(400);
  expect((await post("/update-user", here, { name: "Eve" })).status).toBe(200);
  const changed = await post("/change-password", here, { currentPassword: password, newPassword: "another password" });
  expect(changed.status).toBe(200);
  expect([await isOpen(here), await isOpen(elsewhere)]).toEqual([false, false]);
  expect((await send({ email: "eve@example.com", password })).status).toBe(401);
  await post("/sign-out", await openSession("another password"), {});

  const organisations = await database.organisation.findMany({ where: { key: { in: ["acme", "beta"] } } });
  expect(organisations).toHaveLength(2);
  for (const { id: organisationId } of organisations) {
    const where = { organisationId, command: { startsWith: "session." } };
    const lines = await database.auditEvent.findMany({ where, orderBy: { sequence: "asc" } });
    expect(lines.map(({ command }) => command)).toEqual([
      ...["session.signInFailed", "session.signIn", "session.signIn", "session.renamed", "session.passwordChanged"],
      ...["session.signInFailed", "session.signIn", "session.signOut"],
    ]);
    expect(lines.map(({ objectKey }) => objectKey)).toEqual(lines.map(() => userId));
    expect(lines[0]?.actor).toMatchObject({ kind: "system" });
    expect(lines[1]?.actor).toMatchObject({ kind: "user", id: userId, name: "eve" });
    expect(lines.at(-1)?.actor).toMatchObject({ id: userId, name: "Eve" });
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
  }
});

it("keeps sessions where the password is set to what it is, and ends them where it is another", async () => {
  const frank = { name: "frank", email: "frank@example.com", password };
  const { id: userId } = await ensureUser(database, signIn, frank);
  expect((await send(frank)).status).toBe(200);
  await ensureUser(database, signIn, frank);
  expect(await database.session.count({ where: { userId } })).toBe(1);
  await ensureUser(database, signIn, { ...frank, password: "quite another one" });
  expect(await database.session.count({ where: { userId } })).toBe(0);
  expect((await send({ ...frank, password: "quite another one" })).status).toBe(200);
});
