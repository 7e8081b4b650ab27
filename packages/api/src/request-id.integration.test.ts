import superjson from "superjson";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackend, publicUrl, type TestBackend } from "./fixtures.ts";

let test: TestBackend;
let cookie: string;
beforeAll(async () => {
  test = await openTestBackend();
  ({ cookie } = await test.signIn("owner"));
});
afterAll(() => test?.close());

/** Creates a flag by a request of this id; the id that the answer names, and the one in the audit trail. */
async function create(key: string, requestId?: string) {
  const input = { project: "demo/shop", key, name: key, type: "boolean" };
  const request = new Request(`${publicUrl}/api/trpc/flag.create`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", ...(requestId && { "x-request-id": requestId }) },
    body: JSON.stringify(superjson.serialize(input)),
  });
  const answer = await test.backend.trpc(request);
  const lines = await test.database.auditEvent.findMany({ where: { object: "flag", objectKey: key } });
  return { answered: answer.headers.get("x-request-id"), audited: lines.map((line) => line.requestId) };
}

describe("a request's id", () => {
  it("is the one it came with, in the answer and in the audit trail", async () => {
    for (const [index, id] of ["4f1c", "a:b.c_d-e", "x".repeat(128)].entries()) {
      expect(await create(`named-${index}`, id)).toEqual({ answered: id, audited: [id] });
    }
  });

  it("is a new one where it came with none, or with one that is not well-formed", async () => {
    const odd = [undefined, "x".repeat(129), "=1+1", "a b", "a,b", 'a"', "é"];
    const ids = new Set<string | null>();
    for (const [index, id] of odd.entries()) {
      const { answered, audited } = await create(`odd-${index}`, id);
      expect(audited).toEqual([answered]);
      expect(answered).toMatch(/^[0-9a-f-]{36}$/);
      ids.add(answered);
    }
    expect(ids.size).toBe(odd.length);
  });

  it("is in the answer of who is signed out, too", async () => {
    const request = new Request(`${publicUrl}/api/trpc/session.me`, { headers: { "x-request-id": "mine" } });
    const answer = await test.backend.trpc(request);
    expect([answer.status, answer.headers.get("x-request-id")]).toEqual([401, "mine"]);
  });
});
