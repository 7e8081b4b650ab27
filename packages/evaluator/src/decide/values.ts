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
    // Dates roll over: the 30th of February would be the 2nd of March. A date alone may be read by other rules.
    return day && new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() === Number(day)
      ? Date.parse(value.toUpperCase())
      : undefined;
  }
  const ms = value instanceof Date ? +value : value;
  return Number.isFinite(ms) ? (ms as number) : undefined;
}

const BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** An IPv4 address, alone or at the end of an IPv6 one. */
const FOUR = new RegExp(`^(.*:)?${BYTE}\\.${BYTE}\\.${BYTE}\\.${BYTE}$`);
/** How an IPv4 address begins where it stands as an IPv6 one (RFC 4291 §2.5.5.2). */
const MAPPED = "0".repeat(80) + "1".repeat(16);

/** An IPv4 or IPv6 address as its bits after 4 or 6; an IPv4-mapped IPv6 address is its IPv4 address. */
export function addressBits(value: unknown): string | undefined {
  // The longest is six groups of an IPv6 address, then an IPv4 one: what a visitor makes longer is not even looked at.
  if (typeof value !== "string" || value.length > 45) return undefined;
  const [four, start, ...bytes] = FOUR.exec(value) ?? [];
  if (four && !start) return `4${bitsOf(bytes, 10, 8)}`;
  const [a, b, c, d] = bytes;
  // Its last two groups in hexadecimal.
  const halves = (start ? `${start}${groupOf(a, b)}:${groupOf(c, d)}` : value).split("::");
  const [left = [], right = []] = halves.map((half) => (half ? half.split(":") : []));
  const missing = 8 - left.length - right.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing)) return undefined;
  const groups = [...left, ...Array<string>(missing).fill("0"), ...right];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const bits = bitsOf(groups, 16, 16);
  return bits.startsWith(MAPPED) ? `4${bits.slice(96)}` : `6${bits}`;
}

const bitsOf = (digits: readonly string[], radix: number, width: number) =>
  digits.map((one) => Number.parseInt(one, radix).toString(2).padStart(width, "0")).join("");

const groupOf = (high?: string, low?: string) => (Number(high) * 256 + Number(low)).toString(16);

/** What the bits of all addresses of a block (`10.0.0.0/8`) begin with; an address alone is a block of one. */
export function blockBits(value: unknown): string | undefined {
  const [, address = "", , prefix] = /^([^/]+)(\/(0|[1-9]\d{0,2}))?$/.exec(String(value)) ?? [];
  const bits = addressBits(address);
  if (!bits || !prefix) return bits;
  const isMapped = bits[0] === "4" && address.includes(":");
  const length = 1 + Number(prefix) - (isMapped ? 96 : 0);
  return length > 0 && length <= bits.length ? bits.slice(0, length) : undefined;
}
