import type { EncodedEvents } from "@telltale/events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Batcher, type BatcherOptions } from "./batcher.ts";

const limits = { maxEvents: 10, maxInserts: 1, intervalMs: 50, maxQueuedEvents: 25, maxQueuedBytes: 1_000 };
/** A group of that many events, named by the bytes of its lines. */
const group = (events: number, name: number, bytes = 1): EncodedEvents => ({
  events,
  lines: {
    exposure: new Uint8Array(),
    track: new Uint8Array(bytes).fill(name),
    evaluation: new Uint8Array(),
    observation: new Uint8Array(),
  },
});
const nameOf = ({ lines }: EncodedEvents) => lines.track[0] ?? -1;

function controlled(changes: Partial<BatcherOptions> = {}) {
  const groups: number[][] = [];
  const open: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const batcher = new Batcher({
    ...limits,
    ...changes,
    insert(rows) {
      groups.push(rows.map(nameOf));
      return new Promise((resolve, reject) => open.push({ resolve, reject }));
    },
  });
  return { batcher, groups, open };
}

describe("Batcher", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(0);

  it("inserts at once after a pause, then at most every 50 ms", async () => {
    const { batcher, groups, open } = controlled();
    void batcher.add(group(1, 1));
    await settle();
    expect(groups).toEqual([[1]]);
    void batcher.add(group(1, 2));
    void batcher.add(group(1, 3));
    open[0]?.resolve();
    await settle();
    expect(groups).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it("runs one insert at a time and takes at most maxEvents of whole requests", async () => {
    const { batcher, groups, open } = controlled();
    void batcher.add(group(1, 0));
    await settle();
    for (let i = 0; i < 4; i++) void batcher.add(group(6, i));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(groups).toHaveLength(1);
    open[0]?.resolve();
    await settle();
    expect(groups[1]).toEqual([0]);
  });

  it("starts a second insert while the first is under way, and no third", async () => {
    const { batcher, groups, open } = controlled({ maxInserts: 2, maxQueuedEvents: 100 });
    void batcher.add(group(10, 1));
    await settle();
    void batcher.add(group(10, 2));
    await settle();
    void batcher.add(group(10, 3));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(groups).toEqual([[1], [2]]);
    open[1]?.resolve();
    await vi.advanceTimersByTimeAsync(50);
    expect(groups).toEqual([[1], [2], [3]]);
    const drained = batcher.drain();
    open[0]?.resolve();
    open[2]?.resolve();
    await drained;
    expect(batcher.queued).toBe(0);
  });

  it("refuses when full, but never a request on an empty queue", async () => {
    const { batcher, open } = controlled();
    expect(batcher.add(group(30, 0, 5_000))).not.toBe("full");
    expect(batcher.add(group(1, 1))).toBe("full");
    await settle();
    open[0]?.resolve();
    await settle();
    expect(batcher.add(group(1, 1))).not.toBe("full");
  });

  it("fails only the requests of the failed insert and goes on", async () => {
    const { batcher, groups, open } = controlled();
    const first = batcher.add(group(1, 1)) as Promise<void>;
    const failed = expect(first).rejects.toThrow("away");
    await settle();
    const second = batcher.add(group(1, 2)) as Promise<void>;
    open[0]?.reject(new Error("away"));
    await failed;
    await vi.advanceTimersByTimeAsync(50);
    open[1]?.resolve();
    await second;
    expect(groups).toEqual([[1], [2]]);
    expect(batcher.queued).toBe(0);
  });

  it("drains without waiting for the interval", async () => {
    const { batcher, groups, open } = controlled();
    void batcher.add(group(1, 1));
    await settle();
    void batcher.add(group(1, 2));
    const drained = batcher.drain();
    open[0]?.resolve();
    await settle();
    open[1]?.resolve();
    await drained;
    expect(groups).toEqual([[1], [2]]);
  });
});
