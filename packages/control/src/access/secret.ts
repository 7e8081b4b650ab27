import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 30 of 62 characters: 178 random bits. */
const RANDOM_LENGTH = 30;
/** 62⁶ is more than 2³². */
const CHECKSUM_LENGTH = 6;
const PREFIXES = { personal: "tt_pat_", service: "tt_svc_" } as const;
const PATTERN = /^(tt_(?:pat|svc)_[0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;

/**
 * A new token's secret: a prefix that says what it is, 30 random characters, and a checksum of both, so that scanners
 * of repositories and logs find it without asking anybody whether it is one.
 */
export function createSecret(kind: keyof typeof PREFIXES): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
  const body = PREFIXES[kind] + random;
  return body + checksum(body);
}

/** Whether a text has the shape and the checksum of a token's secret. */
export function isTokenSecret(text: string): boolean {
  const [, body, sum] = PATTERN.exec(text) ?? [];
  return body !== undefined && checksum(body) === sum;
}

/** How a token is stored and looked up: sha-256, hex. It carries 178 random bits, so no slow hash is needed. */
export function hashToken(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** What people see of a token after it was shown once. */
export function writeHint(secret: string): string {
  return `${secret.slice(0, 11)}…${secret.slice(-4)}`;
}

/** CRC-32 of the text in base 62, six characters. */
function checksum(body: string): string {
  let rest = crc32(body);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
