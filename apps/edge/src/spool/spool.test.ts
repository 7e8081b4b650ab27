import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EncodedEvents } from "@telltale/events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultyDisk } from "./fakes.ts";
import { encodeRecord } from "./record.ts";
import { NoRoom, Spool, type SpoolOptions } from "./spool.ts";

let folder: string;
const open: Spool[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spool-"));
});
afterEach(async () => {
  for (const spool of open.splice(0)) await spool.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function openSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await Spool.open({ folder, maxBytes: 1 << 20, ...options });
  if ("sentence" in spool) throw new Error(spool.sentence);
  open.push(spool);
  return spool;
}
const batch = (name: string): EncodedEvents => ({
  events: 1,
  lines: {
    exposure: new Uint8Array(),
    track: Buffer.from(name),
    evaluation: new Uint8Array(),
    observation: new Uint8Array(),
  },
});
const RECORD_BYTES = 12 + 16 + 1;

/** Everything in the spool, oldest first, which is then empty. */
async function drain(spool: Spool): Promise<string[]> {
  const names: string[] = [];
  for (let segment = await spool.oldest(); segment; segment = await spool.oldest()) {
    const { records } = await spool.read(segment);
    names.push(...records.map(({ lines }) => Buffer.from(lines.track).toString()));
    await spool.remove(segment);
  }
  return names;
}

describe("a spool", () => {
  it("gives back in order what was put in, over segments, and leaves nothing behind", async () => {
    const spool = await openSpool({ segmentBytes: 3 * RECORD_BYTES });
    const names = [..."abcdefghijkl"];
    for (const name of names) await spool.append(batch(name));
    expect(readdirSync(folder).filter((name) => name.endsWith(".events"))).toHaveLength(4);
    expect(spool.bytes).toBe(12 * RECORD_BYTES);
    expect(await drain(spool)).toEqual(names);
    expect([spool.bytes, spool.isEmpty]).toEqual([0, true]);
    await spool.append(batch("m"));
    expect(await drain(spool)).toEqual(["m"]);
  });

  it("writes and syncs what comes together at once, and resolves only then", async () => {
    const { disk, state } = faultyDisk();
    const spool = await openSpool({ disk });
    let release = () => {};
    state.hold = new Promise((resolve) => {
      release = resolve;
    });
    let done = 0;
    const all = Array.from({ length: 50 }, async (_, i) => {
      await spool.append(batch(String(i % 10)));
      done++;
    });
    await new Promise(setImmediate);
    expect(done).toBe(0);
    release();
    await Promise.all(all);
    expect([done, state.writes, state.syncs]).toEqual([50, 1, 1]);
  });

  it("survives a process that ended anywhere: whole records come back, torn ones do not", async () => {
    const spool = await openSpool();
    for (const name of "abc") await spool.append(batch(name));
    await spool.close();
    const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".events"));
    truncateSync(join(folder, file), 3 * RECORD_BYTES - 5);
    const again = await openSpool();
    await again.append(batch("d"));
    expect(await drain(again)).toEqual(["a", "b", "d"]);
  });

  it("tells what the release before left, by keys, from its own, and brings it in first", async () => {
    writeFileSync(join(folder, "000000000007.spool"), encodeRecord(batch("old")));
    const spool = await openSpool();
    await spool.append(batch("new"));
    expect(readdirSync(folder).filter((name) => name !== "lock")).toEqual([
      "000000000007.spool",
      "000000000008.events",
    ]);
    const found: [string, boolean | undefined][] = [];
    for (let segment = await spool.oldest(); segment; segment = await spool.oldest()) {
      for (const record of (await spool.read(segment)).records) {
        found.push([Buffer.from(record.lines.track).toString(), record.isByKeys]);
      }
      await spool.remove(segment);
    }
    expect(found).toEqual([
      ["old", true],
      ["new", undefined],
    ]);
  });

  it("loses one record to damage in the middle, and says how many bytes", async () => {
    const spool = await openSpool();
    for (const name of "abc") await spool.append(batch(name));
    const segment = await spool.oldest();
    const path = join(folder, segment?.name ?? "");
    const bytes = readFileSync(path);
    bytes[RECORD_BYTES + 20] = 0xff;
    rmSync(path);
    appendFileSync(path, bytes);
    const contents = segment && (await spool.read(segment));
    expect(contents?.damagedBytes).toBe(RECORD_BYTES);
    expect(contents?.records).toHaveLength(2);
  });

  it("refuses what would exceed its bounds on disk and in memory, and takes more when some has left", async () => {
    const spool = await openSpool({ maxBytes: 2 * RECORD_BYTES, segmentBytes: 1 });
    await Promise.all([spool.append(batch("a")), spool.append(batch("b"))]);
    await expect(spool.append(batch("c"))).rejects.toThrow(NoRoom);
    expect(spool.hasRoom(1)).toBe(false);
    expect(await drain(spool)).toEqual(["a", "b"]);
    await spool.append(batch("d"));
    const tight = await Spool.open({ folder: join(folder, "t"), maxBytes: 1 << 20, maxWaitingBytes: RECORD_BYTES });
    if ("sentence" in tight) throw new Error(tight.sentence);
    open.push(tight);
    const [first, second] = await Promise.allSettled([tight.append(batch("a")), tight.append(batch("b"))]);
    expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
  });

  it("promises nothing on a full disk, keeps what it promised before, and leaves no litter", async () => {
    const { disk, state } = faultyDisk();
    const spool = await openSpool({ disk });
    await spool.append(batch("a"));
    state.room = RECORD_BYTES / 2;
    for (const name of "bcdef") await expect(spool.append(batch(name))).rejects.toThrow(NoRoom);
    expect(readdirSync(folder).filter((name) => name.endsWith(".events"))).toHaveLength(1);
    expect(spool.bytes).toBe(RECORD_BYTES);
    state.room = 1_000;
    await spool.append(batch("g"));
    expect(await drain(spool)).toEqual(["a", "g"]);
  });

  it("promises nothing when the disk cannot be synced", async () => {
    const { disk, state } = faultyDisk();
    const spool = await openSpool({ disk });
    await spool.append(batch("a"));
    state.syncFails = true;
    await expect(spool.append(batch("b"))).rejects.toThrow("input/output error");
    state.syncFails = false;
    await spool.append(batch("c"));
    expect(await drain(spool)).toEqual(["a", "c"]);
  });

  it("is read while it is written to", async () => {
    const spool = await openSpool({ segmentBytes: 2 * RECORD_BYTES });
    const names = Array.from({ length: 200 }, (_, i) => String.fromCodePoint(33 + (i % 90)));
    const read: string[] = [];
    let writing = true;
    const writer = (async () => {
      for (const name of names) await spool.append(batch(name));
      writing = false;
    })();
    while (writing || !spool.isEmpty) {
      read.push(...(await drain(spool)));
      await new Promise(setImmediate);
    }
    await writer;
    expect(read).toEqual(names);
  });

  it("belongs to one edge, and a dead one's lock is no lock", async () => {
    const first = await openSpool();
    const second = await Spool.open({ folder, maxBytes: 1 });
    expect(second).toEqual({ sentence: expect.stringContaining("another edge uses the spool") });
    await first.close();
    open.length = 0;
    await openSpool();
  });

  it("says why its folder cannot be used", async () => {
    appendFileSync(join(folder, "file"), "");
    const answer = await Spool.open({ folder: join(folder, "file"), maxBytes: 1 });
    expect(answer).toEqual({ sentence: expect.stringMatching(/^the spool .* cannot be used .* may write$/) });
    const long = await Spool.open({ folder: join(folder, "x".repeat(120)), maxBytes: 1 });
    expect(long).toEqual({ sentence: expect.stringContaining("too long") });
  });
});
