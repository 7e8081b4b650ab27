/** Plain readings of patterns, versions, times and addresses, for the reference interpreter. For tests only. */

export function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "u");
  } catch {
    return undefined;
  }
}

interface Version {
  core: bigint[];
  ids: string[] | undefined;
}

export function versionOf(value: unknown): Version | undefined {
  if (typeof value !== "string") return undefined;
  const [found, core = "", ids] =
    /^v?(\d+(?:\.\d+){0,2})(?:-([\dA-Za-z.-]+))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/.exec(value) ?? [];
  if (!found) return undefined;
  const numbers = core.split(".");
  const parts = ids?.split(".");
  if (numbers.some((one) => /^0\d/.test(one)) || parts?.some((one) => one === "" || /^0\d+$/.test(one)))
    return undefined;
  return { core: [...numbers, "0", "0"].slice(0, 3).map(BigInt), ids: parts };
}

export function compareVersions(a: Version | undefined, b: Version | undefined): number | undefined {
  if (!a || !b) return undefined;
  for (const [i, number] of a.core.entries()) {
    const other = b.core[i] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (!a.ids || !b.ids) return a.ids ? -1 : b.ids ? 1 : 0;
  for (const [i, id] of a.ids.entries()) {
    const other = b.ids[i];
    if (other === undefined) return 1;
    if (id === other) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(id), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return BigInt(id) < BigInt(other) ? -1 : 1;
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return id < other ? -1 : 1;
  }
  return a.ids.length < b.ids.length ? -1 : 0;
}

export function momentOf(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const parts =
    typeof value === "string" &&
    /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i.exec(value);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const [offsetHours, offsetMinutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // Milliseconds are as fine as it gets.
  date.setUTCHours(hour, minute, second, Math.floor(Number(`0${parts[7] ?? ""}`) * 1_000 + 1e-9));
  return date.getTime() - (parts[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
}

/** An address as a number of so many bits. */
interface Address {
  bits: 32 | 128;
  number: bigint;
}

export function addressOf(text: string): Address | undefined {
  const four = fourOf(text);
  if (four !== undefined) return { bits: 32, number: four };
  const sides = text.split("::");
  if (sides.length > 2) return undefined;
  const groups = sides.map((side, i) => groupsOf(side, i === sides.length - 1));
  const [left, right = []] = groups;
  if (!left || groups.includes(undefined)) return undefined;
  const count = left.length + (right as bigint[]).length;
  if (sides.length === 2 ? count > 7 : count !== 8) return undefined;
  const all = [...left, ...Array<bigint>(8 - count).fill(0n), ...(right as bigint[])];
  const number = all.reduce((sum, group) => (sum << 16n) | group, 0n);
  return number >> 32n === 0xffffn ? { bits: 32, number: number & 0xffffffffn } : { bits: 128, number };
}

function fourOf(text: string): bigint | undefined {
  const bytes = text.split(".");
  if (bytes.length !== 4 || !bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256))
    return undefined;
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function groupsOf(side: string, isLast: boolean): bigint[] | undefined {
  if (side === "") return [];
  const groups: bigint[] = [];
  const texts = side.split(":");
  for (const [i, text] of texts.entries()) {
    const four = isLast && i === texts.length - 1 ? fourOf(text) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(text)) groups.push(BigInt(`0x${text}`));
    else return undefined;
  }
  return groups;
}

export function blockOf(text: string): (Address & { prefix: number }) | undefined {
  const [written = "", prefix, ...more] = text.split("/");
  const address = addressOf(written);
  if (!address || more.length > 0) return undefined;
  if (prefix === undefined) return { ...address, prefix: address.bits };
  if (!/^(0|[1-9]\d*)$/.test(prefix)) return undefined;
  const length = Number(prefix) - (address.bits === 32 && written.includes(":") ? 96 : 0);
  return length < 0 || length > address.bits ? undefined : { ...address, prefix: length };
}

export function isInside(address: Address, block: (Address & { prefix: number }) | undefined): boolean {
  if (!block || block.bits !== address.bits) return false;
  const shift = BigInt(block.bits - block.prefix);
  return address.number >> shift === block.number >> shift;
}
