import {
  createFlag,
  createProject,
  ensureOrganisation,
  ensureUser,
  openDatabase,
  openSignIn,
  setMember,
} from "@telltale/control";
import {
  createDatabase,
  createEventStore,
  startTestDatabases,
  type TestDatabase,
  type TestDatabases,
  type TestEventStore,
} from "@telltale/testing";
import superjson from "superjson";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, createBackend } from "./server.ts";

const publicUrl = "http://localhost:4400";
const authSecret = "0123456789abcdefghijklmnopqrstuvwxyz";
const unexpected: unknown[] = [];
let databases: TestDatabases;
let postgres: TestDatabase;
let events: TestEventStore;
let backend: Backend;

beforeAll(async () => {
  databases = await startTestDatabases();
  postgres = await createDatabase(databases.postgresUrl);
  events = await createEventStore(databases.clickhouseUrl);
  const database = openDatabase(postgres.url);
  const system = { kind: "system" as const, name: "test" };
  const { id: organisationId } = await ensureOrganisation(database, { key: "demo", name: "Demo" });
  const signIn = openSignIn(database, { secret: authSecret, publicUrl });
  for (const role of ["owner", "viewer"] as const) {
    const person = { name: role, email: `${role}@example.com`, password: `password of ${role}` };
    const { id: userId } = await ensureUser(database, signIn, person);
    await setMember(database, system, { organisationId, userId, role });
  }
  await ensureUser(database, signIn, {
    name: "outsider",
    email: "outsider@example.com",
    password: "password of outsider",
  });
  const environments = [{ key: "production", name: "Production", critical: true }];
  await createProject(database, system, { organisationId, key: "shop", name: "Shop", environments });
  await createFlag(database, system, { project: "shop", key: "banner", name: "Banner", type: "boolean" });
  await database.$disconnect();
  const urls = { databaseUrl: postgres.url, clickhouseUrl: events.url };
  backend = createBackend({ ...urls, authSecret, publicUrl, onError: (error) => unexpected.push(error) });
});

afterAll(async () => {
  await events[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  await databases[Symbol.asyncDispose]();
});

async function signIn(name: string, password = `password of ${name}`) {
  const request = new Request(`${publicUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: publicUrl },
    body: JSON.stringify({ email: `${name}@example.com`, password }),
  });
  const answer = await backend.auth(request);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return { status: answer.status, cookie };
}

async function call(cookie: string, procedure: string, input: unknown, method: "GET" | "POST" = "GET") {
  const body = superjson.serialize(input);
  const query = method === "GET" ? `?input=${encodeURIComponent(JSON.stringify(body))}` : "";
  const request = new Request(`${publicUrl}/api/trpc/${procedure}${query}`, {
    method,
    headers: { cookie, "content-type": "application/json" },
    ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
  });
  const answer = await backend.trpc(request);
  const json = (await answer.json()) as {
    result?: { data: Parameters<typeof superjson.deserialize>[0] };
    error?: Parameters<typeof superjson.deserialize>[0];
  };
  const error = json.error
    ? (superjson.deserialize(json.error) as { data: { telltale: { code: string; message: string; detail?: unknown } } })
    : undefined;
  return {
    status: answer.status,
    data: json.result ? superjson.deserialize<Record<string, unknown>>(json.result.data) : undefined,
    error: error?.data.telltale,
  };
}

describe("the API over HTTP", () => {
  it("signs people in by their password and nobody up", async () => {
    expect((await signIn("owner", "a wrong password")).status).toBe(401);
    const { status, cookie } = await signIn("owner");
    expect(status).toBe(200);
    expect((await call(cookie, "session.me", undefined)).data).toMatchObject({
      role: "owner",
      projects: [{ key: "shop" }],
    });
    const request = new Request(`${publicUrl}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: publicUrl },
      body: JSON.stringify({ name: "x", email: "x@example.com", password: "long enough password" }),
    });
    expect((await backend.auth(request)).status).toBe(400);
  });

  it("maps every refusal to its status and a sentence", async () => {
    const owner = (await signIn("owner")).cookie;
    const viewer = (await signIn("viewer")).cookie;
    const outsider = (await signIn("outsider")).cookie;
    const change = { project: "shop", flag: "banner", environment: "production", on: true, expectedRevision: 1 };
    expect(await call("", "flag.list", { project: "shop" })).toMatchObject({
      status: 401,
      error: { code: "UNAUTHENTICATED" },
    });
    expect(await call(outsider, "flag.list", { project: "shop" })).toMatchObject({
      status: 403,
      error: { code: "FORBIDDEN" },
    });
    expect(await call(viewer, "flag.switch", change, "POST")).toMatchObject({
      status: 403,
      error: { code: "FORBIDDEN" },
    });
    expect(await call(owner, "flag.get", { project: "shop", flag: "gone" })).toMatchObject({
      status: 404,
      error: { code: "NOT_FOUND" },
    });
    const bad = await call(owner, "flag.switch", { ...change, expectedRevision: "one" }, "POST");
    expect(bad).toMatchObject({ status: 400, error: { code: "INVALID" } });
    expect(bad.error?.message).toContain("expectedRevision");
    expect(await call(owner, "flag.switch", change, "POST")).toMatchObject({ status: 200, data: { revision: 2 } });
    const conflict = await call(owner, "flag.switch", { ...change, on: false }, "POST");
    expect(conflict).toMatchObject({
      status: 409,
      error: { code: "CONFLICT", detail: { revision: 2, sentence: "Turned on." } },
    });
    const taken = { project: "shop", key: "banner", name: "Again", type: "boolean" };
    expect(await call(owner, "flag.create", taken, "POST")).toMatchObject({ status: 409, error: { code: "EXISTS" } });
    expect(unexpected).toEqual([]);
  });

  it("answers lists in the shape it promises, dates as dates", async () => {
    const { cookie } = await signIn("viewer");
    const { data } = await call(cookie, "audit.list", { project: "shop" });
    const items = data?.items as { at: unknown; sentence: string }[];
    expect(items[0]?.at).toBeInstanceOf(Date);
    expect(
      await call(cookie, "flag.usage", { project: "shop", flag: "banner", environment: "production" }),
    ).toMatchObject({ status: 200, data: [] });
  });
});
