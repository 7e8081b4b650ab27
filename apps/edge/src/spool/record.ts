import { crc32 } from "node:zlib";
import type { EncodedEvents } from "@telltale/events";

/**
 * A record: MAGIC, length and CRC-32 of the payload, the payload. A payload: the number of events, the three tables'
 * lengths, the three tables' lines. Numbers are 32 bits, little-endian.
 */
const MAGIC = Buffer.from([0xf7, 0x54, 0x4c, 0x01]);
const HEADER_BYTES = 12;
const COUNTS_BYTES = 16;

/** More than any batch has: a length above it is damage. */
export const RECORD_BYTES_MAX = 64 << 20;

/** A batch as a record. */
export function encodeRecord({ events, lines }: EncodedEvents): Buffer {
  const { exposure, track, evaluation } = lines;
  const counts = Buffer.alloc(COUNTS_BYTES);
  [events, exposure.byteLength, track.byteLength, evaluation.byteLength].forEach((n, i) => {
    counts.writeUInt32LE(n, i * 4);
  });
  const payload = Buffer.concat([counts, exposure, track, evaluation]);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
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
    const record = payload && split(payload);
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
  if (length < COUNTS_BYTES || length > RECORD_BYTES_MAX || start + length > bytes.byteLength) return undefined;
  const payload = bytes.subarray(start, start + length);
  return crc32(payload) === bytes.readUInt32LE(offset + 8) ? payload : undefined;
}

function split(payload: Buffer): EncodedEvents | undefined {
  const [events, exposures, tracks, evaluations] = [0, 4, 8, 12].map((at) => payload.readUInt32LE(at));
  if (events === undefined || exposures === undefined || tracks === undefined || evaluations === undefined) return;
  if (COUNTS_BYTES + exposures + tracks + evaluations !== payload.byteLength) return undefined;
  let offset = COUNTS_BYTES;
  const take = (length: number) => {
    offset += length;
    return payload.subarray(offset - length, offset);
  };
  return { events, lines: { exposure: take(exposures), track: take(tracks), evaluation: take(evaluations) } };
}
