/** How finely a percentage can be set: 100,000 parts make the whole line (0.001 % each). */
export const PARTS: number = 100_000;

/** Length of the line of buckets: a bucket is a uint32. */
export const LINE: number = 2 ** 32;

/**
 * A text as murmur3 eats it: the part of the work that is the same under every seed, done once. One int32 for each
 * four UTF-8 bytes, one for the up to three bytes that are left (0 for none), and the number of bytes.
 */
export type Encoded = readonly number[];

/** Prepares a text's UTF-8 bytes for `hashToBucket`. Lone surrogates become U+FFFD, as everywhere in UTF-8. */
export function encode(text: string): Encoded {
  return words(text) ?? (words(bytesOf(text), 255) as Encoded);
}

/** murmur3 x86 32 (Austin Appleby, MurmurHash3.cpp), first half: undefined when a character is above the limit. */
function words(bytes: string, limit = 127): Encoded | undefined {
  const encoded: number[] = [];
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    if (byte > limit) return undefined;
    word |= byte << (i << 3);
    if ((i & 3) === 3) {
      encoded.push(mix(word));
      word = 0;
    }
  }
  encoded.push(mix(word), bytes.length);
  return encoded;
}

function mix(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** UTF-8 bytes, one a character; by two functions of the language itself, as the evaluator uses no platform piece. */
function bytesOf(text: string): string {
  return unescape(encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd")));
}

/** Where a unit stands on the line of a seed, a uint32: murmur3 x86 32 of its bytes, second half. */
export function hashToBucket(unit: Encoded, seed: number): number {
  const last = unit.length - 2;
  let hash = seed;
  for (let i = 0; i < last; i++) {
    hash ^= unit[i] as number;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash ^= (unit[last] as number) ^ (unit[last + 1] as number);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The seed of a salt: murmur3_32(utf8(salt), 0). Computed once, when a ruleset is compiled. */
export function seedOf(salt: string): number {
  return hashToBucket(encode(salt), 0);
}

/**
 * Exclusive upper bounds on the line for consecutive parts of 100,000: floor(cumulative * 2^32 / 100000).
 * The intermediate product stays below 2^53, so the result is exact.
 * @throws RangeError when a part is not a whole number >= 0 or the sum exceeds 100,000.
 */
export function endsOf(parts: readonly number[]): number[] {
  let cumulative = 0;
  return parts.map((part) => {
    cumulative += part;
    if (!Number.isInteger(part) || part < 0 || cumulative > PARTS) {
      throw new RangeError(`parts must be whole numbers >= 0 with a sum of at most ${PARTS}, got ${parts.join(" + ")}`);
    }
    return Math.floor((cumulative * LINE) / PARTS);
  });
}

/**
 * The id as client rulesets carry it: 16 hex digits, from murmur3 of the bytes and murmur3 of the reversed bytes.
 * Reversed, because two seeds over the same bytes collide together about once in a hundred times
 * (measured on ordinary ids), which would leave some 39 bits of the 64.
 */
export function hashId(id: string): string {
  const bytes = bytesOf(id);
  let reversed = "";
  for (const byte of bytes) reversed = byte + reversed;
  return hex(bytes, 0x74656c6c) + hex(reversed, 0x74616c65);
}

const hex = (bytes: string, seed: number) => eightDigits(hashToBucket(words(bytes, 255) as Encoded, seed));

/** A uint32 in hexadecimal. */
export function eightDigits(number: number): string {
  return number.toString(16).padStart(8, "0");
}
