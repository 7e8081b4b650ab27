import {
  createFlag,
  createProject,
  type Database,
  ensureOrganisation,
  ensureUser,
  openDatabase,
  openSignIn,
  setMemberRole,
} from "@telltale/control";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import superjson from "superjson";
import { type Backend, createBackend } from "./server.ts";

export const publicUrl = "http://localhost:4400";
const authSecret = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Nobody answers there. */
const edgeUrl = "http://127.0.0.1:9";

/**
 * A backend on databases of its own, with a project `shop` and its flag `banner`, an `owner` and a `viewer` of it, and an
 * `outsider`. For tests only.
 */
export async function openTestBackend() {
  const unexpected: unknown[] = [];
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  const postgres = await createDatabase(postgresUrl);
  const { store, ...events } = await createEventStore(clickhouseUrl);
  const database = openDatabase(postgres.url);
  await fill(database);
  const urls = { databaseUrl: postgres.url, clickhouseUrl: events.url, publicUrl, edgeUrl };
  const backend = createBackend({ ...urls, authSecret, onError: (error) => unexpected.push(error) });
  const close = async () => {
    await database.$disconnect();
    await events[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  };
  const addPerson = (name: string) =>
    ensureUser(database, openSignIn(database, { secret: authSecret, publicUrl }), {
      name,
      email: `${name}@example.com`,
      password: `password of ${name}`,
    });
  return { backend, database, store, unexpected, addPerson, signIn: signInTo(backend), call: callOf(backend), close };
}

export type TestBackend = Awaited<ReturnType<typeof openTestBackend>>;

async function fill(database: Database): Promise<void> {
  const system = { kind: "system", name: "demo seed" } as const;
  await ensureOrganisation(database, { key: "demo", name: "Demo" });
  const signIn = openSignIn(database, { secret: authSecret, publicUrl });
  for (const role of ["owner", "viewer"] as const) {
    const person = { name: role, email: `${role}@example.com`, password: `password of ${role}` };
    const { id: userId } = await ensureUser(database, signIn, person);
    await setMemberRole(database, system, { organisation: "demo", userId, role });
  }
  await ensureUser(database, signIn, {
    name: "outsider",
    email: "outsider@example.com",
    password: "password of outsider",
  });
  const environments = [{ key: "production", name: "Production", critical: true }];
  await createProject(database, system, { organisation: "demo", key: "shop", name: "Shop", environments });
  await createFlag(database, system, { project: "demo/shop", key: "banner", name: "Banner", type: "boolean" });
}

function signInTo(backend: Backend) {
  return async (name: string, password = `password of ${name}`) => {
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
  };
}

function callOf(backend: Backend) {
  return async (cookie: string, procedure: string, input: unknown, method: "GET" | "POST" = "GET", token?: string) => {
    const body = superjson.serialize(input);
    const query = method === "GET" ? `?input=${encodeURIComponent(JSON.stringify(body))}` : "";
    const request = new Request(`${publicUrl}/api/trpc/${procedure}${query}`, {
      method,
      headers: {
        cookie,
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await backend.trpc(request);
    const json = (await answer.json()) as {
      result?: { data: Parameters<typeof superjson.deserialize>[0] };
      error?: Parameters<typeof superjson.deserialize>[0];
    };
    const error = json.error
      ? (superjson.deserialize(json.error) as {
          data: { telltale: { code: string; message: string; detail?: unknown } };
        })
      : undefined;
    return {
      status: answer.status,
      data: json.result ? superjson.deserialize<Record<string, unknown>>(json.result.data) : undefined,
      error: error?.data.telltale,
    };
  };
}
