/**
 * Reads the texts that some operators compare. Each answers undefined for what it cannot read.
 */

/** A regular expression; found anywhere in a text. */
export function patternOf(value: unknown): RegExp | undefined {
  try {
    return new RegExp(value as string, "u");
  } catch {
    return undefined;
  }
}

const NUMBER = "(0|[1-9]\\d*)";
const IDS = "[\\dA-Za-z-]+(?:\\.[\\dA-Za-z-]+)*";
const VERSION = new RegExp(`^v?${NUMBER}(?:\\.${NUMBER}(?:\\.${NUMBER})?)?(?:-(${IDS}))?(?:\\+${IDS})?$`);

/**
 * A semantic version (semver.org 2.0.0 §11) as a text that sorts as versions do: numbers after their length, ids after
 * 0 (numeric) or 1, an end or a blank before everything, a release ("~") after its pre-releases.
 */
export function versionKey(value: unknown): string | undefined {
  const [found, major, minor = "0", patch = "0", ids] = VERSION.exec(typeof value === "string" ? value : "") ?? [];
  if (!found) return undefined;
  const sortable = (digits = "") => String.fromCharCode(99 + digits.length) + digits;
  const before = ids?.split(".").map((id) => {
    if (!/^\d+$/.test(id)) return `1${id}`;
    return id[1] && id[0] === "0" ? undefined : `0${sortable(id)}`;
  });
  if (before?.includes(undefined)) return undefined;
  return [major, minor, patch].map(sortable).join("") + (before?.join(" ") ?? "~");
}

const INSTANT = /^\d{4}-\d\d-(\d\d)T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Epoch milliseconds: as a finite number, a Date, or an RFC 3339 date-time; no leap second, which Date cannot tell. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value === "string") {
    const [, day] = INSTANT.exec(value) ?? [];
    // Dates roll over: the 30th of February would be the 2nd of March.
    return day && new Date(value.slice(0, 10)).getUTCDate() === Number(day)
      ? Date.parse(value.toUpperCase())
      : undefined;
  }
  const ms = value instanceof Date ? +value : value;
  return Number.isFinite(ms) ? (ms as number) : undefined;
}

const binary = (digits: string, radix: number, bits: number) =>
  Number.parseInt(digits, radix).toString(2).padStart(bits, "0");

/** An IPv4 or IPv6 address as its bits after 4 or 6; an IPv4-mapped IPv6 address is its IPv4 address. */
export function addressBits(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const bytes = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/.test(value) && value.split(".");
  if (bytes) return `4${bytes.map((byte) => binary(byte, 10, 8)).join("")}`;
  // An IPv4 address may end an IPv6 one.
  const tail = /[\d.]+$/.exec(value)?.[0] ?? "";
  const four = tail.includes(".") ? addressBits(tail)?.slice(1) : "";
  if (four === undefined) return undefined;
  const text = four ? value.slice(0, -tail.length) + binaryGroups(four) : value;
  const [head = "", rest, more] = text.split("::");
  const [left, right] = [head, rest ?? ""].map((part) => (part ? part.split(":") : []));
  const missing = 8 - (left?.length ?? 0) - (right?.length ?? 0);
  const groups = [...(left ?? []), ...Array<string>(Math.max(0, missing)).fill("0"), ...(right ?? [])];
  if (more !== undefined || (rest === undefined ? missing !== 0 : missing < 1)) return undefined;
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const bits = groups.map((group) => binary(group, 16, 16)).join("");
  return bits.startsWith(MAPPED) ? `4${bits.slice(96)}` : `6${bits}`;
}

const MAPPED = "0".repeat(80) + "1".repeat(16);

const binaryGroups = (bits: string) =>
  [bits.slice(0, 16), bits.slice(16)].map((half) => Number.parseInt(half, 2).toString(16)).join(":");

/** What the bits of all addresses of a block (`10.0.0.0/8`) begin with; an address alone is a block of one. */
export function blockBits(value: unknown): string | undefined {
  const [, address = "", , prefix] = /^([^/]+)(\/(0|[1-9]\d{0,2}))?$/.exec(String(value)) ?? [];
  const bits = addressBits(address);
  if (!bits || !prefix) return bits;
  const isMapped = bits[0] === "4" && address.includes(":");
  const length = 1 + Number(prefix) - (isMapped ? 96 : 0);
  return length > 0 && length <= bits.length ? bits.slice(0, length) : undefined;
}
