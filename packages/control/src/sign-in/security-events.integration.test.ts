import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { ensureOrganisation, setMemberRole, verifyAudit } from "../index.ts";
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

async function openSession(given: string): Promise<string> {
  const answer = await send({ email: "eve@example.com", password: given });
  expect(answer.status).toBe(200);
  return cookieOf(answer);
}

async function securityLines(organisationId: string) {
  const where = { organisationId, command: { startsWith: "session." } };
  return database.auditEvent.findMany({ where, orderBy: { sequence: "asc" } });
}

/** Nobody waits for the line of a refused sign-in: the answer comes before it. */
async function untilFailuresAre(userId: string, expected: { told: number; untold: number }): Promise<void> {
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  await vi.waitFor(
    async () => {
      const counts = await database.securityEventCount.findMany({ where: { userId, event: "signInFailed" } });
      const lines = await database.auditEvent.findMany({
        where: { objectKey: userId, command: "session.signInFailed" },
      });
      const found = { told: sum(timesOf(lines)), untold: sum(counts.map(({ untold }) => untold)) };
      expect(found).toEqual(expected);
    },
    { timeout: 10_000 },
  );
}

async function addTo(keys: readonly string[], name: string): Promise<{ id: string; organisationIds: string[] }> {
  const { id } = await world.addPerson(name);
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
  await untilFailuresAre(userId, { told: 2, untold: 0 });
  const here = await openSession(password);
  const elsewhere = await openSession(password);
  const { isOpen } = world;
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

  await untilFailuresAre(userId, { told: 2, untold: 2 });
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

it("tells the other organisations while the head of one is held", async () => {
  const { organisationIds } = await addTo(["zeta", "eta"], "zoe");
  // They are told in this order.
  const [held = "", other = ""] = organisationIds.sort();
  await database.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from organisation_head where "organisationId" = ${held} for update`;
      expect((await send({ email: "zoe@example.com", password })).status).toBe(200);
    },
    { timeout: 20_000 },
  );
  expect(timesOf(await securityLines(held))).toEqual([]);
  expect(timesOf(await securityLines(other))).toEqual([1]);
});

it("refuses a sign-in without waiting for its line in the audit trail", async () => {
  const { id: userId } = await addTo(["epsilon"], "fay");
  await database.$transaction(
    async (tx) => {
      // Longer than any line waits by itself: an answer that waited for this would not come.
      await tx.$executeRaw`lock table security_event_count in exclusive mode`;
      expect((await send({ email: "fay@example.com" })).status).toBe(401);
    },
    { timeout: 20_000 },
  );
  await untilFailuresAre(userId, { told: 1, untold: 0 });
});

/** How many of this database's queries wait for a lock. */
