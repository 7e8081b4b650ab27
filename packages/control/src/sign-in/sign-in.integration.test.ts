import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { ensureUser } from "../index.ts";
import { cookieOf, openSignInWorld, password, type SignInWorld, times } from "./fixtures.ts";

let world: SignInWorld;
let database: SignInWorld["database"];
let send: SignInWorld["send"];
let post: SignInWorld["post"];
let statuses: SignInWorld["statuses"];
let said: string[];
beforeAll(async () => {
  world = await openSignInWorld();
  ({ database, send, post, statuses, said } = world);
});
afterAll(() => world?.close());
beforeEach(async () => void (await database.signInAttempt.deleteMany()));

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

it("reads no account for a try that is one too many", async () => {
  await statuses(times(20, () => ({})));
  await database.$transaction(
    async (tx) => {
      // Who reads it now waits for the end of this.
      await tx.$executeRaw`lock table account in access exclusive mode`;
      expect((await send({ password })).status).toBe(429);
    },
    { timeout: 10_000 },
  );
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

it("computes a hash for a refused sign-in whether or not somebody has the address", async () => {
  const { password: hashing } = await world.signIn.$context;
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

async function waiting(): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

it("keeps no session of a sign-in that was looked at by the old password while it was changed", async () => {
  const { id: userId } = await world.addPerson("hal");
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
  expect(await world.isOpen(cookieOf(answer))).toBe(false);
  expect(await database.session.count({ where: { userId } })).toBe(1);
  expect((await send({ ...hal, password: "another password" })).status).toBe(200);
});

it("keeps sessions where the password is set to what it is, and ends them where it is another", async () => {
  const frank = { name: "frank", email: "frank@example.com", password };
  const { id: userId } = await ensureUser(database, world.signIn, frank);
  expect((await send(frank)).status).toBe(200);
  await ensureUser(database, world.signIn, frank);
  expect(await database.session.count({ where: { userId } })).toBe(1);
  await ensureUser(database, world.signIn, { ...frank, password: "quite another one" });
  expect(await database.session.count({ where: { userId } })).toBe(0);
  expect((await send({ ...frank, password: "quite another one" })).status).toBe(200);
});
