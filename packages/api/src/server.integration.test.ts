import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackend, publicUrl, type TestBackend } from "./fixtures.ts";

let shop: TestBackend;
beforeAll(async () => {
  shop = await openTestBackend();
});
afterAll(() => shop?.close());

describe("the API over HTTP", () => {
  it("signs people in by their password and nobody up", async () => {
    expect((await shop.signIn("owner", "a wrong password")).status).toBe(401);
    const { status, cookie } = await shop.signIn("owner");
    expect(status).toBe(200);
    expect((await shop.call(cookie, "session.me", undefined)).data).toMatchObject({
      organisations: [{ key: "demo", role: "Owner", projects: [{ address: "demo/shop", key: "shop" }] }],
    });
    const request = new Request(`${publicUrl}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: publicUrl },
      body: JSON.stringify({ name: "x", email: "x@example.com", password: "long enough password" }),
    });
    expect((await shop.backend.auth(request)).status).toBe(400);
  });

  it("refuses a sign-in that no database could look up", async () => {
    const refusals = [
      { given: { email: "a\0@example.com" }, status: 400 },
      // An address to go back to must be the dashboard's own: that is asked first.
      { given: { callbackURL: "a\0b" }, status: 403 },
      { given: { callbackURL: "\ud83d" }, status: 403 },
    ];
    for (const { given, status } of refusals) {
      const request = new Request(`${publicUrl}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: publicUrl },
        body: JSON.stringify({ email: "owner@example.com", password: "password of owner", ...given }),
      });
      expect((await shop.backend.auth(request)).status).toBe(status);
    }
  });

  it("maps every refusal to its status and a sentence", async () => {
    const owner = (await shop.signIn("owner")).cookie;
    const viewer = (await shop.signIn("viewer")).cookie;
    const outsider = (await shop.signIn("outsider")).cookie;
    const change = { project: "demo/shop", flag: "banner", environment: "production", on: true, expectedRevision: 1 };
    expect(await shop.call("", "flag.list", { project: "demo/shop" })).toMatchObject({
      status: 401,
      error: { code: "UNAUTHENTICATED" },
    });
    expect(await shop.call(outsider, "flag.list", { project: "demo/shop" })).toMatchObject({
      status: 404,
      error: { code: "NOT_FOUND" },
    });
    expect(await shop.call(viewer, "flag.switch", change, "POST")).toMatchObject({
      status: 403,
      error: { code: "FORBIDDEN" },
    });
    expect(await shop.call(owner, "flag.get", { project: "demo/shop", flag: "gone" })).toMatchObject({
      status: 404,
      error: { code: "NOT_FOUND" },
    });
    const bad = await shop.call(owner, "flag.switch", { ...change, expectedRevision: "one" }, "POST");
    expect(bad).toMatchObject({ status: 400, error: { code: "INVALID" } });
    expect(bad.error?.message).toContain("expectedRevision");
    expect(await shop.call(owner, "flag.switch", change, "POST")).toMatchObject({ status: 200, data: { revision: 2 } });
    const conflict = await shop.call(owner, "flag.switch", { ...change, on: false }, "POST");
    expect(conflict).toMatchObject({
      status: 409,
      error: { code: "CONFLICT", detail: { revision: 2, sentence: "Turned on." } },
    });
    const taken = { project: "demo/shop", key: "banner", name: "Again", type: "boolean" };
    expect(await shop.call(owner, "flag.create", taken, "POST")).toMatchObject({
      status: 409,
      error: { code: "EXISTS" },
    });
    expect(shop.unexpected).toEqual([]);
  });

  it("answers lists in the shape it promises, dates as dates", async () => {
    const { cookie } = await shop.signIn("viewer");
    const { data } = await shop.call(cookie, "audit.list", { project: "demo/shop" });
    const items = data?.items as { at: unknown; sentence: string }[];
    expect(items[0]?.at).toBeInstanceOf(Date);
  });
});
