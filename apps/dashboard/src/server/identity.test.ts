import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { openIdentity } from "./identity.ts";

const PROXIES = ["loopback", "10.0.0.0/8"];

/** The headers that the application sees of a request from `near`. */
function seen(near: string, headers: Record<string, string>, publicUrl?: URL, trustedProxies = PROXIES) {
  const strangers: string[] = [];
  const request = { headers: { host: "inside:4400", ...headers }, socket: { remoteAddress: near } };
  openIdentity({ trustedProxies, publicUrl }, (proxy) => strangers.push(proxy))(request as unknown as IncomingMessage);
  return { headers: request.headers as Record<string, string>, strangers };
}

it.each([
  ["a person", "203.0.113.9", {}, "203.0.113.9"],
  ["a person who claims another address", "203.0.113.9", { "x-forwarded-for": "1.2.3.4" }, "203.0.113.9"],
  ["a person behind one proxy", "127.0.0.1", { "x-forwarded-for": "203.0.113.9" }, "203.0.113.9"],
  ["a person behind two", "::ffff:127.0.0.1", { "x-forwarded-for": "203.0.113.9, 10.1.1.1" }, "203.0.113.9"],
  [
    "a claim before the proxies' words",
    "10.0.0.1",
    { "x-forwarded-for": "1.2.3.4, 203.0.113.9, 10.1.1.1" },
    "203.0.113.9",
  ],
  ["no address", "127.0.0.1", { "x-forwarded-for": "<script>" }, "127.0.0.1"],
  ["a header of ours", "203.0.113.9", { "x-telltale-address": "1.2.3.4" }, "203.0.113.9"],
])("knows the address of %s", (_who, near, headers, address) => {
  const { headers: found } = seen(near, headers);
  expect([found["x-telltale-address"], found["x-forwarded-for"]]).toEqual([address, address]);
});

it("takes host and protocol from the setting, and from nobody else", () => {
  const claims = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", forwarded: "host=evil.example" };
  expect(seen("203.0.113.9", claims).headers).toEqual({
    host: "inside:4400",
    "x-forwarded-for": "203.0.113.9",
    "x-telltale-address": "203.0.113.9",
  });
  expect(seen("203.0.113.9", claims, new URL("https://flags.example.com/telltale")).headers).toMatchObject({
    host: "flags.example.com",
    "x-forwarded-host": "flags.example.com",
    "x-forwarded-proto": "https",
  });
});

it("tells of a proxy that nobody has named", () => {
  expect(seen("192.0.2.1", { "x-forwarded-for": "203.0.113.9" }).strangers).toEqual(["192.0.2.1"]);
  expect(seen("10.0.0.1", { "x-forwarded-for": "203.0.113.9" }).strangers).toEqual([]);
});

it("refuses a trusted proxy that is no address", () => {
  expect(() => seen("10.0.0.1", {}, undefined, ["proxy.example"])).toThrow("invalid IP address");
});
