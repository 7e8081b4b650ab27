import { createDatabase, startTestDatabases } from "@telltale/testing";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
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
  return cookieOf(answer);
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

async function securityLines(organisationId: string) {
  const where = { organisationId, command: { startsWith: "session." } };
  return database.auditEvent.findMany({ where, orderBy: { sequence: "asc" } });
}

/** Nobody waits for the line of a refused sign-in: the answer comes before it. */
async function untilFailuresAreCounted(userId: string, times: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const counts = await database.securityEventCount.findMany({ where: { userId, event: "signInFailed" } });
      const told = await database.auditEvent.findMany({
        where: { objectKey: userId, command: "session.signInFailed" },
      });
      const lines = told.map(({ detail }) => (detail as { times: number }).times);
      const all = [...counts.map(({ untold }) => untold), ...lines];
      expect(all.reduce((sum, one) => sum + one, 0)).toBe(times);
    },
    { timeout: 10_000 },
  );
}

async function addTo(keys: readonly string[], name: string): Promise<{ id: string; organisationIds: string[] }> {
  const { id } = await ensureUser(database, signIn, { name, email: `${name}@example.com`, password });
  const system = { kind: "system", name: "demo seed" } as const;
  for (const key of keys) {
    await ensureOrganisation(database, { key, name: key });
    await setMemberRole(database, system, { organisation: key, userId: id, role: "owner" });
  }
  const organisations = await database.organisation.findMany({ where: { key: { in: [...keys] } } });
  return { id, organisationIds: organisations.map((organisation) => organisation.id) };
}

it("tells the audit trail of each organisation who signed in, failed, changed the password, and signed out", async () => {
  const { id: userId, organisationIds } = await addTo(["acme", "beta"], "eve");
  await send({ email: "eve@example.com" });
  await untilFailuresAreCounted(userId, 2);
  const here = await openSession(password);
  const elsewhere = await openSession(password);
  const isOpen = async (cookie: string) => (await signIn.api.getSession({ headers: new Headers({ cookie }) })) !== null;
  expect([await isOpen(here), await isOpen(elsewhere)]).toEqual([true, true]);
  expect((await post("/update-user", here, { name: "e".repeat(100_000) })).status).toBe(400);
  for (const name of [5, null, "", "  "]) expect((await post("/update-user", here, { name })).status).toBe(400);
  // The first one is the name that there is: nothing is told of it.
  for (const name of ["eve", "Eve"]) expect((await post("/update-user", here, { name })).status).toBe(200);
  const changed = await post("/change-password", here, { currentPassword: password, newPassword: "another password" });
  expect(changed.status).toBe(200);
  expect([await isOpen(here), await isOpen(elsewhere)]).toEqual([false, false]);
  expect((await send({ email: "eve@example.com", password })).status).toBe(401);
  await post("/sign-out", await openSession("another password"), {});

  await untilFailuresAreCounted(userId, 4);
  expect(organisationIds).toHaveLength(2);
  for (const organisationId of organisationIds) {
    const lines = await securityLines(organisationId);
    expect(lines.map(({ command }) => command)).toEqual(
      ["signInFailed", "signIn", "renamed", "passwordChanged", "signOut"].map((event) => `session.${event}`),
    );
    expect(lines.map(({ objectKey }) => objectKey)).toEqual(lines.map(() => userId));
    expect(lines[0]?.actor).toMatchObject({ kind: "system" });
    expect(lines[1]?.actor).toMatchObject({ kind: "user", id: userId, name: "eve" });
    expect(lines[2]?.detail).toMatchObject({ before: { name: "eve" }, after: { name: "Eve" }, times: 1 });
    expect(lines.at(-1)?.actor).toMatchObject({ id: userId, name: "Eve" });
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
  }
});

/** Lets the next event of each kind be told again, as time does. */
const endQuiet = (userId: string) =>
  database.securityEventCount.updateMany({ where: { userId }, data: { quietUntil: new Date(0) } });

const timesOf = (lines: { detail: unknown }[]) => lines.map(({ detail }) => (detail as { times: number }).times);

it("counts repeats of a sign-in, and tells them with the next one; from many networks, with a bound", async () => {
  const { id: userId, organisationIds } = await addTo(["gamma"], "gil");
  const [organisationId = ""] = organisationIds;
  const gil = { email: "gil@example.com", password };
  expect(await statuses(times(5, () => gil))).toEqual(times(5, () => 200));
  const first = timesOf(await securityLines(organisationId));
  expect(first).toHaveLength(1);
  await endQuiet(userId);
  expect(await statuses([gil])).toEqual([200]);
  const both = timesOf(await securityLines(organisationId));
  expect([both.length, both.reduce((sum, one) => sum + one, 0)]).toEqual([2, 6]);

  for (let network = 0; network < 12; network++) await send({ ...gil, address: `2001:db8:${network}::1` });
  expect(await securityLines(organisationId)).toHaveLength(11);
  await endQuiet(userId);
  expect((await send({ ...gil, address: "2001:db8:99::1" })).status).toBe(200);
  const all = timesOf(await securityLines(organisationId));
  expect([all.length, all.reduce((sum, one) => sum + one, 0)]).toEqual([12, 19]);
  expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
});

it("lets a person in while the audit trail's head is held, and tells of it with the next line", async () => {
  const { id: userId, organisationIds } = await addTo(["delta"], "dan");
  const [organisationId = ""] = organisationIds;
  const dan = { email: "dan@example.com", password };
  said.length = 0;
  await database.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from organisation_head where "organisationId" = ${organisationId} for update`;
      expect((await send(dan)).status).toBe(200);
    },
    { timeout: 20_000 },
  );
  expect(await securityLines(organisationId)).toEqual([]);
  expect(said.join("\n")).toContain(`signIn of ${userId}`);
  expect((await send(dan)).status).toBe(200);
  expect(timesOf(await securityLines(organisationId))).toEqual([2]);
});

it("computes a hash for a refused sign-in whether or not somebody has the address", async () => {
  const { password: hashing } = await signIn.$context;
  const spies = [vi.spyOn(hashing, "hash"), vi.spyOn(hashing, "verify")];
  const computed = async (email: string) => {
    for (const spy of spies) spy.mockClear();
    expect((await send({ email })).status).toBe(401);
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  };
  try {
    expect([await computed("ann@example.com"), await computed("nobody@example.com")]).toEqual([1, 1]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

it("refuses a sign-in without waiting for its line in the audit trail", async () => {
  const { id: userId, organisationIds } = await addTo(["epsilon"], "fay");
  const [organisationId = ""] = organisationIds;
  await database.$transaction(
    async (tx) => {
      // Longer than any line waits by itself: an answer that waited for this would not come.
      await tx.$executeRaw`lock table security_event_count in exclusive mode`;
      expect((await send({ email: "fay@example.com" })).status).toBe(401);
    },
    { timeout: 20_000 },
  );
  await untilFailuresAreCounted(userId, 1);
  expect(timesOf(await securityLines(organisationId))).toEqual([1]);
});

/** How many of this database's queries wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

it("keeps no session of a sign-in that was looked at by the old password while it was changed", async () => {
  const { id: userId } = await ensureUser(database, signIn, { name: "hal", email: "hal@example.com", password });
  const hal = { email: "hal@example.com", password };
  const cookie = cookieOf(await send(hal));
  const untilWaiting = (count: number) =>
    vi.waitFor(async () => expect(await waiting()).toBe(count), { timeout: 10_000 });
  const { late, change } = await database.$transaction(
    async (tx) => {
      // No session of this person can be written: the sign-in waits behind its look at the password.
      await tx.$queryRaw`select 1 from "user" where id = ${userId} for update`;
      const late = send(hal);
      await untilWaiting(1);
      const change = post("/change-password", cookie, { currentPassword: password, newPassword: "another password" });
      // All sessions have ended; the one of who changed it waits, too.
      await untilWaiting(2);
      expect(await database.session.count({ where: { userId } })).toBe(0);
      return { late, change };
    },
    { timeout: 30_000 },
  );
  const answer = await late;
  expect((await change).status).toBe(200);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "INVALID_EMAIL_OR_PASSWORD" });
  const isOpen = (await signIn.api.getSession({ headers: new Headers({ cookie: cookieOf(answer) }) })) !== null;
  expect(isOpen).toBe(false);
  expect(await database.session.count({ where: { userId } })).toBe(1);
  expect((await send({ ...hal, password: "another password" })).status).toBe(200);
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
