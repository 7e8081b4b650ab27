import fc from "fast-check";
import { expect, it } from "vitest";
import { createSecret, hashToken, isTokenSecret, writeHint } from "./secret.ts";

it("has a prefix that says what it is, and a shape that scanners can look for", () => {
  expect(createSecret("personal")).toMatch(/^tt_pat_[0-9A-Za-z]{36}$/);
  expect(createSecret("service")).toMatch(/^tt_svc_[0-9A-Za-z]{36}$/);
  const many = Array.from({ length: 200 }, () => createSecret("service"));
  expect(new Set(many).size).toBe(many.length);
  expect(many.every(isTokenSecret)).toBe(true);
});

it("is no secret any more with any one character changed, more or less", () => {
  const characters = fc.constantFrom(..."0123456789ABCXYZabcxyz_-é");
  fc.assert(
    fc.property(fc.constantFrom("personal", "service"), fc.nat(42), characters, (kind, place, character) => {
      const secret = createSecret(kind);
      const changed = secret.slice(0, place) + character + secret.slice(place + 1);
      expect(isTokenSecret(changed)).toBe(changed === secret);
      expect(isTokenSecret(secret.slice(0, place) + secret.slice(place + 1))).toBe(false);
      expect(isTokenSecret(secret.slice(0, place) + character + secret.slice(place))).toBe(false);
    }),
  );
});

it("keeps its checksum and its hash from release to release", () => {
  // CRC-32 of the characters before it in base 62, as Python's zlib.crc32 computes it.
  const secret = "tt_pat_0000000000000000000000000000003IMwSh";
  expect(isTokenSecret(secret)).toBe(true);
  expect(hashToken(secret)).toBe("6c876c67a2da20464b586d9739cf475bd5c61cd745b1dca3114e4ae19ce118e0");
});

it("is seen by eight of its random characters only, later", () => {
  expect(writeHint("tt_pat_0000000000000000000000000000003IMwSh")).toBe("tt_pat_0000…MwSh");
});
