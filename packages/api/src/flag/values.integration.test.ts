import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackend, publicUrl, type TestBackend } from "../fixtures.ts";

let shop: TestBackend;
let cookie: string;
beforeAll(async () => {
  shop = await openTestBackend();
  ({ cookie } = await shop.signIn("owner"));
});
afterAll(() => shop?.close());

/** As JSON by hand: the client of the release before refuses some of these names itself. */
async function create(key: string, type: string, value: unknown) {
  const variants = [
    { key: "on", value },
    { key: "off", value: type === "json" ? null : 0 },
  ];
  const request = new Request(`${publicUrl}/api/trpc/flag.create`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ json: { project: "demo/shop", key, name: key, type, variants } }),
  });
  return (await shop.backend.trpc(request)).status;
}
const read = async (flag: string) => {
  const { status, data } = await shop.call(cookie, "flag.get", { project: "demo/shop", flag });
  const [on] = (data?.variants ?? []) as { value: unknown }[];
  return { status, value: on?.value };
};

describe("a flag's values", () => {
  it.each([
    ["constructor", { constructor: { name: "x" } }],
    ["prototype", { prototype: 1, nested: [{ constructor: null }] }],
    ["dotted", { "a.b": { "\\": 1 }, "": 2, json: 3, meta: { values: ["Date"] } }],
    ["text", "2026-11-28T00:00:00.000Z"],
    ["nothing", null],
  ])("may hold %s", async (key, value) => {
    expect(await create(key, "json", value)).toBe(200);
    expect(await read(key)).toEqual({ status: 200, value });
  });

  it.each([0.1 + 0.2, 2 ** 64, 123_456_789.012_345_67, Number.MAX_VALUE, Number.MIN_VALUE, -1e-7])(
    "that are the number %d are stored to the last digit",
    async (value) => {
      const key = `n${String(value).replaceAll("+", "p")}`;
      expect(await create(key.replace("n-", "minus"), "number", value)).toBe(200);
      expect(await read(key.replace("n-", "minus"))).toEqual({ status: 200, value });
    },
  );

  it.each([
    ["nul", { a: "x\0y" }, "NUL"],
    ["half", { a: ["\ud83d"] }, "surrogate"],
    ["proto", JSON.parse('{"__proto__":{"a":1}}'), "__proto__"],
  ])("that cannot be kept are refused with a sentence: %s", async (key, value, says) => {
    const variants = [{ key: "on", value }];
    const body = JSON.stringify({ json: { project: "demo/shop", key, name: key, type: "json", variants } });
    const headers = { cookie, "content-type": "application/json" };
    const answer = await shop.backend.trpc(
      new Request(`${publicUrl}/api/trpc/flag.create`, { method: "POST", headers, body }),
    );
    const text = await answer.text();
    expect([answer.status, text.includes(says), text.includes("variants.0.value")]).toEqual([400, true, true]);
  });

  it("leave nothing unexpected behind", () => {
    expect(shop.unexpected).toEqual([]);
  });
});
