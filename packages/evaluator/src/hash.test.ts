import fc from "fast-check";
import murmurhash from "murmurhash";
import { expect, it } from "vitest";
import spec from "../cases/hashing/hashing.json";
import { encode, endsOf, hashId, hashToBucket, LINE, seedOf } from "./hash.ts";

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const murmur3 = (text: string, seed: number) => hashToBucket(encode(text), seed);

it("agrees with the published murmur3 x86 32 test vectors", () => {
  expect(murmur3("", 0)).toBe(0);
  expect(murmur3("", 1)).toBe(0x514e28b7);
  expect(murmur3("", 0xffffffff)).toBe(0x81f16f39);
  expect(murmur3("test", 0x9747b28c)).toBe(0x704b81dc);
  expect(murmur3("The quick brown fox jumps over the lazy dog", 0)).toBe(0x2e4ff723);
});

it.each(spec.buckets)("bucket of $unit under salt $salt", ({ unit, salt, seed, bucket }) => {
  expect(seedOf(salt)).toBe(seed);
  expect(murmur3(unit, seed)).toBe(bucket);
});

it.each(spec.ends)("ends of $parts", ({ parts, ends }) => expect(endsOf(parts)).toEqual(ends));

it.each(spec.ids)("hash of id $id", ({ id, hash }) => expect(hashId(id)).toBe(hash));

it.each([[[-1]], [[0.5]], [[60_000, 40_001]], [[Number.NaN]]])("refuses parts %j", (parts) => {
  expect(() => endsOf(parts)).toThrow(RangeError);
});

it("agrees with another murmur3 over UTF-8, under every seed, lone surrogates included", () => {
  const encoder = new TextEncoder();
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.string(),
    fc.constantFrom("\ud800", "a\udfffb", "\udc00\ud800", "\u007f\u0080\u07ff\u0800\uffff"),
  );
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: LINE - 1 }), (text, seed) => {
      const bucket = murmur3(text, seed);
      expect(bucket).toBe(murmurhash.v3(encoder.encode(text), seed));
      expect(Number.isInteger(bucket) && bucket >= 0 && bucket < LINE).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it("hashes ids wide enough that 200,000 of them do not collide", () => {
  const hashes = new Set<string>();
  for (let i = 0; i < 200_000; i++) hashes.add(hashId(`user-${i}@example.com`));
  expect(hashes.size).toBe(200_000);
});

it("hashes apart ids that murmur3 confuses under two seeds at once", () => {
  for (const seed of [0x74656c6c, 0x74616c65]) expect(murmur3("u-211685", seed)).toBe(murmur3("u-230249", seed));
  expect(hashId("u-211685")).not.toBe(hashId("u-230249"));
});

/** Chi-square of a table of counts against equal expectation in every cell. */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

it.each(["u-", "9f1c-4a", "größe-"])("spreads units evenly, and two salts independently (ids %s…)", (prefix) => {
  const cells = new Array<number>(100).fill(0);
  const [one, two] = [seedOf("checkout-button"), seedOf("free-shipping")];
  for (let i = 0; i < 100_000; i++) {
    const unit = encode(prefix + i);
    const cell =
      Math.floor((hashToBucket(unit, one) / LINE) * 10) * 10 + Math.floor((hashToBucket(unit, two) / LINE) * 10);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  // 99 degrees of freedom: 148.2 is the 99.9 % point. The sample is fixed, so this passes or fails for ever.
  expect(chiSquare(cells)).toBeLessThan(148.2);
});
