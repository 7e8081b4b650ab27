import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflate } from "./inflate.ts";

const zip = (text: string) => gzipSync(text);

describe("inflate", () => {
  it("unpacks one member, and several one after another", async () => {
    expect(String(await inflate(zip("hello"), 100))).toBe("hello");
    expect(String(await inflate(Buffer.concat([zip("hello "), zip(""), zip("world")]), 100))).toBe("hello world");
  });

  it.each([
    ["a bomb", zip("a".repeat(50 << 20)), "too-large"],
    ["a bomb of many members", Buffer.concat(Array.from({ length: 40 }, () => zip("a".repeat(1 << 20)))), "too-large"],
    ["one byte too many", zip("a".repeat((1 << 20) + 1)), "too-large"],
    ["thousands of empty members and no more", Buffer.concat(Array.from({ length: 5_000 }, () => zip(""))), ""],
    ["a truncated stream", zip("hello").subarray(0, -5), "broken"],
    ["a wrong checksum", Buffer.concat([zip("hello").subarray(0, -8), Buffer.from("12345678")]), "broken"],
    ["something after the end", Buffer.concat([zip("hello"), Buffer.from("x")]), "broken"],
    ["a second member that is cut", Buffer.concat([zip("hello"), zip("world").subarray(0, 12)]), "broken"],
    ["no gzip at all", Buffer.from("{}"), "broken"],
    ["nothing", Buffer.alloc(0), "broken"],
  ])("answers %s", async (_, body, expected) => {
    expect(String(await inflate(body, 1 << 20))).toBe(expected);
  });
});
