import { crc32 } from "node:zlib";
import type { EncodedEvents, EventKind } from "@telltale/events";

/**
 * A record: MAGIC, the number of its format, length and CRC-32 of the payload, the payload. A payload: the number of
 * events, the length of each kind's lines, the lines of each kind. Numbers are 32 bits, little-endian; the format's is 8.
 */
const MAGIC = Buffer.from([0xf7, 0x54, 0x4c]);
const HEADER_BYTES = 12;

/**
 * The kinds that a record of each format holds. A kind that comes later has a format of its own: an edge of the release
 * before, started again instead of this one, reads the others and takes only those records for damage.
 */
const FORMATS: ReadonlyMap<number, readonly EventKind[]> = new Map([
  [1, ["exposure", "track", "evaluation"]],
  [2, ["observation"]],
]);

/** More than any batch has: a length above it is damage. */
export const RECORD_BYTES_MAX = 64 << 20;

/** A batch as one record, or two where it holds observations. */
export function encodeRecord({ events, lines }: EncodedEvents): Buffer {
  const observed = countLines(lines.observation);
  const others = events - observed;
  const records = [
    ...(others > 0 || observed === 0 ? [recordOf(1, others, lines)] : []),
    ...(observed > 0 ? [recordOf(2, observed, lines)] : []),
  ];
  return Buffer.concat(records);
}

/** An observation is a line. */
function countLines(lines: Uint8Array): number {
  let count = 0;
  for (const byte of lines) if (byte === 0x0a) count++;
  return count;
}

function recordOf(format: number, events: number, lines: EncodedEvents["lines"]): Buffer {
  const parts = (FORMATS.get(format) ?? []).map((kind) => lines[kind]);
  const counts = Buffer.alloc(4 + 4 * parts.length);
  [events, ...parts.map(({ byteLength }) => byteLength)].forEach((n, i) => {
    counts.writeUInt32LE(n, i * 4);
  });
  const payload = Buffer.concat([counts, ...parts]);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt8(format, MAGIC.byteLength);
  header.writeUInt32LE(payload.byteLength, 4);
  header.writeUInt32LE(crc32(payload), 8);
  return Buffer.concat([header, payload]);
}

/** What a segment holds: its records in order, and how many bytes could not be read as records. */
export interface Contents {
  records: EncodedEvents[];
  damagedBytes: number;
}

/**
 * Reads a segment's bytes. Behind a torn or damaged record it looks for the next whole one, so that a fault of the
 * disk costs the records that it hit and no more.
 */
export function unframe(bytes: Buffer): Contents {
  const records: EncodedEvents[] = [];
  let damagedBytes = 0;
  let offset = 0;
  while (offset < bytes.byteLength) {
    const payload = payloadAt(bytes, offset);
    const kinds = payload && FORMATS.get(bytes.readUInt8(offset + MAGIC.byteLength));
    const record = kinds && split(payload, kinds);
    if (record) {
      records.push(record);
      offset += HEADER_BYTES + payload.byteLength;
      continue;
    }
    const next = bytes.indexOf(MAGIC, offset + 1);
    const end = next < 0 ? bytes.byteLength : next;
    damagedBytes += end - offset;
    offset = end;
  }
  return { records, damagedBytes };
}

function payloadAt(bytes: Buffer, offset: number): Buffer | undefined {
  if (offset + HEADER_BYTES > bytes.byteLength) return undefined;
  if (MAGIC.compare(bytes, offset, offset + MAGIC.byteLength) !== 0) return undefined;
  const length = bytes.readUInt32LE(offset + 4);
  const start = offset + HEADER_BYTES;
  if (length > RECORD_BYTES_MAX || start + length > bytes.byteLength) return undefined;
  const payload = bytes.subarray(start, start + length);
  return crc32(payload) === bytes.readUInt32LE(offset + 8) ? payload : undefined;
}

function split(payload: Buffer, kinds: readonly EventKind[]): EncodedEvents | undefined {
  let offset = 4 + 4 * kinds.length;
  if (payload.byteLength < offset) return undefined;
  const none = Buffer.of();
  const lines: EncodedEvents["lines"] = { exposure: none, track: none, evaluation: none, observation: none };
  kinds.forEach((kind, i) => {
    const length = payload.readUInt32LE(4 + 4 * i);
    lines[kind] = payload.subarray(offset, offset + length);
    offset += length;
  });
  return offset === payload.byteLength ? { events: payload.readUInt32LE(0), lines } : undefined;
}
