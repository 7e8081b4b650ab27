import { join } from "node:path";
import type { EncodedEvents } from "@telltale/events";
import { type AppendFile, type Disk, realDisk } from "./disk.ts";
import { lockFolder } from "./lock.ts";
import { type Contents, encodeRecord, unframe } from "./record.ts";

export interface SpoolOptions {
  folder: string;
  /** Bytes on disk; what would exceed them is refused. */
  maxBytes: number;
  /** A segment takes this much before the next begins: as much is read, inserted and removed at once. */
  segmentBytes?: number;
  /** Bytes in memory on their way to the disk. */
  maxWaitingBytes?: number;
  disk?: Disk;
}

/** A file of records that nothing is added to any more. */
export interface SpoolSegment {
  name: string;
  bytes: number;
}

/** The spool cannot take more: it is full, or the disk is. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
}

interface Waiting {
  record: Buffer;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const SEGMENT_BYTES = 4 << 20;
const WAITING_BYTES_MAX = 64 << 20;
/**
 * Numbered, so that the oldest comes first. Those of the release before end in `.spool` and hold events by keys: an edge of
 * that release, started again instead of this one, does not take those of this one for its own, and leaves them.
 */
const SEGMENT = /^\d{12}\.(events|spool)$/;
const isByKeys = ({ name }: SpoolSegment) => name.endsWith(".spool");

/**
 * Batches on disk that wait for the store: appended in groups, durably on disk before `append` resolves, read back
 * oldest first. A segment that a run before left behind is never added to, so a torn end stays where it is.
 */
export class Spool {
  private readonly folder: string;
  private readonly maxBytes: number;
  private readonly segmentBytes: number;
  private readonly maxWaitingBytes: number;
  private readonly disk: Disk;
  private readonly lock: { release(): Promise<void> };
  /** Oldest first; the last one may be open. */
  private readonly segments: SpoolSegment[];
  private file: AppendFile | undefined;
  private next: number;
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private flushing: Promise<void> | undefined;
  /** Ends when nobody uses the open file. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SpoolOptions, lock: { release(): Promise<void> }, segments: SpoolSegment[]) {
    this.folder = options.folder;
    this.maxBytes = options.maxBytes;
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.maxWaitingBytes = options.maxWaitingBytes ?? WAITING_BYTES_MAX;
    this.disk = options.disk ?? realDisk;
    this.lock = lock;
    this.segments = segments;
    this.next = Number.parseInt(segments.at(-1)?.name ?? "0", 10) + 1;
  }

  /** Opens the folder, or answers why it cannot be used. */
  static async open(options: SpoolOptions): Promise<Spool | { sentence: string }> {
    const { folder, disk = realDisk } = options;
    try {
      await disk.ensureFolder(folder);
      const lock = await lockFolder(folder);
      if ("sentence" in lock) return lock;
      const names = (await disk.list(folder)).filter((name) => SEGMENT.test(name)).sort();
      const segments = await Promise.all(
        names.map(async (name) => ({ name, bytes: await disk.size(join(folder, name)) })),
      );
      return new Spool(options, lock, segments);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { sentence: `the spool ${folder} cannot be used (${reason}): give it a folder that this user may write` };
    }
  }

  /** Bytes on disk, and of those on their way to it. */
  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, this.waitingBytes);
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** Whether a batch of this size would be taken. */
  hasRoom(bytes = 0): boolean {
    return this.bytes + bytes <= this.maxBytes && this.waitingBytes + bytes <= this.maxWaitingBytes;
  }

  /** Resolves when the batch is durably on disk. @throws NoRoom, or what the disk says */
  append(batch: EncodedEvents): Promise<void> {
    const record = encodeRecord(batch);
    if (!this.hasRoom(record.byteLength)) return Promise.reject(new NoRoom("the spool is full"));
    this.waitingBytes += record.byteLength;
    return new Promise((resolve, reject) => {
      this.waiting.push({ record, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** The oldest segment, ended if it was still open; undefined when nothing waits. */
  async oldest(): Promise<SpoolSegment | undefined> {
    if (this.segments.length === 1) {
      await this.alone(async () => {
        if (this.segments.length === 1) await this.seal();
      });
    }
    return this.segments[0];
  }

  async read(segment: SpoolSegment): Promise<Contents> {
    const contents = unframe(await this.disk.read(join(this.folder, segment.name)));
    if (!isByKeys(segment)) return contents;
    return { ...contents, records: contents.records.map((record) => ({ ...record, isByKeys: true })) };
  }

  /** To be called when all of the segment is in the store. */
  async remove(segment: SpoolSegment): Promise<void> {
    await this.disk.remove(join(this.folder, segment.name));
    this.segments.splice(this.segments.indexOf(segment), 1);
  }

  /** Keeps a batch that the store will never take beside the segments, for a person to look at. */
  async setAside(batch: EncodedEvents): Promise<void> {
    const file = await this.disk.create(this.folder, join(this.folder, `${Date.now()}-${this.next++}.refused`));
    try {
      await file.write([encodeRecord(batch)]);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    while (this.flushing) await this.flushing;
    await this.alone(() => this.seal());
    await this.lock.release();
  }

  /** All that waits in one write and one fsync, again and again while more comes. */
  private async flush(): Promise<void> {
    // Batches that come in the same turn of the event loop travel together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const records = group.map(({ record }) => record);
      const bytes = records.reduce((sum, record) => sum + record.byteLength, 0);
      try {
        await this.alone(() => this.write(records, bytes));
        for (const one of group) one.resolve();
      } catch (error) {
        for (const one of group) one.reject(error);
      } finally {
        this.waitingBytes -= bytes;
      }
    }
    // In the turn that saw nothing waiting: the next batch starts a new write.
    this.flushing = undefined;
  }

  private async write(records: Buffer[], bytes: number): Promise<void> {
    const last = this.segments.at(-1);
    if (this.file && last && last.bytes >= this.segmentBytes) await this.seal();
    try {
      this.file ??= await this.begin();
      await this.file.write(records);
      await this.file.sync();
      const segment = this.segments.at(-1);
      if (segment) segment.bytes += bytes;
    } catch (error) {
      await this.abandon();
      const isFull = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
      throw isFull ? new NoRoom("the disk is full", { cause: error }) : error;
    }
  }

  /** After a failure nobody knows what the file's end holds: it is cut to what was promised, and not added to. */
  private async abandon(): Promise<void> {
    const segment = this.segments.at(-1);
    if (!this.file || !segment) return;
    await this.seal().catch(() => {});
    if (segment.bytes === 0) await this.remove(segment).catch(() => {});
    else await this.disk.truncate(join(this.folder, segment.name), segment.bytes).catch(() => {});
  }

  private async begin(): Promise<AppendFile> {
    const name = `${String(this.next++).padStart(12, "0")}.events`;
    const file = await this.disk.create(this.folder, join(this.folder, name));
    this.segments.push({ name, bytes: 0 });
    return file;
  }

  /** One after another: the file is not closed under a write. */
  private alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task);
    this.turn = result.catch(() => {});
    return result;
  }

  private async seal(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }
}
