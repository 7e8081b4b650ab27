import murmurhash from "murmurhash";

/** How finely a percentage can be set: 100,000 parts make the whole line (0.001 % each). */
export const PARTS = 100_000;

/** Length of the line of buckets: a bucket is a uint32. */
export const LINE = 2 ** 32;

/** UTF-8 bytes of a text. Lone surrogates become U+FFFD, as everywhere in UTF-8. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encode(text);
    bytes[i] = code;
  }
  return bytes;
}

/** By way of percent-encoding, because the evaluator uses no platform piece and `TextEncoder` is one. */
function encode(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd")).match(/%..|./g);
  return Uint8Array.from(escaped ?? [], (part) =>
    part.length > 1 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
}

/** murmur3 x86 32 of the bytes (or of a text's UTF-8 bytes): a uint32. */
export function murmur3(key: Uint8Array | string, seed: number): number {
  return murmurhash.v3(typeof key === "string" ? utf8(key) : key, seed);
}

/** The seed of a salt: murmur3_32(utf8(salt), 0). Computed once, when a ruleset is compiled. */
export function seedOf(salt: string): number {
  return murmur3(salt, 0);
}

/** Where a unit stands on the line of a seed: a uint32. */
export function bucketOf(unit: Uint8Array | string, seed: number): number {
  return murmur3(unit, seed);
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
  const bytes = utf8(id);
  return hex(murmur3(bytes, 0x74656c6c)) + hex(murmur3(bytes.reverse(), 0x74616c65));
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, "0");
}
