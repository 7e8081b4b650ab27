import type { EncodedEvents } from "@telltale/events";
import { describe, expect, it, vi } from "vitest";
import { Replay } from "./replay.ts";
import type { SpoolSegment } from "./spool.ts";

const batch = (name: string, events = 1): EncodedEvents => ({
  events,
  lines: {
    exposure: new Uint8Array(),
    track: Buffer.from(name),
    evaluation: new Uint8Array(),
    observation: new Uint8Array(),
  },
});
const nameOf = ({ lines }: EncodedEvents) => Buffer.from(lines.track).toString();

/** A replay over segments in memory, and a store that does as `answer` says. */
function createReplay(segments: string[][], answer: (names: string[]) => Error | undefined, more = {}) {
  const left: { name: string; bytes: number; batches: string[] }[] = segments.map((batches, i) => ({
    name: String(i),
    bytes: 1,
    batches,
  }));
  const inserts: string[] = [];
  const aside: string[] = [];
  const attempts: string[] = [];
  const replay = new Replay({
    spool: {
      oldest: async () => left[0],
      read: async (segment: SpoolSegment) => ({
        records: (left.find(({ name }) => name === segment.name)?.batches ?? []).map((name) => batch(name)),
        damagedBytes: 0,
      }),
      remove: async () => void left.shift(),
    },
    async insert(groups) {
      const names = groups.map(nameOf);
      const error = answer(names);
      if (error) throw error;
      inserts.push(names.join(""));
    },
    isUnreadable: (error) => String(error).includes("unreadable"),
    setAside: async (one) => void aside.push(nameOf(one)),
    onAttempt: (outcome) => attempts.push(outcome),
    onDamage: () => {},
    onError: () => {},
    maxEvents: 2,
    retryMs: 1,
    random: () => 0.5,
    ...more,
  });
  return { replay, inserts, aside, attempts, left };
}
const emptied = (left: unknown[]) => vi.waitFor(() => expect(left).toEqual([]));

describe("Replay", () => {
  it("brings segments into the store oldest first, in groups, and removes each when all of it is stored", async () => {
    const world = createReplay([["a", "b", "c"], ["d"]], () => undefined);
    world.replay.start();
    await emptied(world.left);
    expect(world.inserts).toEqual(["ab", "c", "d"]);
  });

  it("tries again for as long as it takes, and keeps the order", async () => {
    let failures = 5;
    const world = createReplay([["a", "b", "c"]], () => (failures-- > 0 ? new Error("away") : undefined));
    world.replay.start();
    await emptied(world.left);
    expect(world.inserts).toEqual(["ab", "c"]);
    expect(world.attempts.filter((outcome) => outcome === "failed")).toHaveLength(5);
  });

  it("sets aside the one batch that the store cannot read, and no other", async () => {
    const world = createReplay([["a", "x", "b", "c"]], (names) =>
      names.includes("x") ? new Error("unreadable") : undefined,
    );
    world.replay.start();
    await emptied(world.left);
    expect([world.aside, world.inserts]).toEqual([["x"], ["a", "bc"]]);
  });

  it("stops between attempts and leaves the segment", async () => {
    const world = createReplay([["a"]], () => new Error("away"), { retryMs: 60_000 });
    world.replay.start();
    await vi.waitFor(() => expect(world.attempts).toEqual(["failed"]));
    await world.replay.stop();
    expect(world.left).toHaveLength(1);
    world.replay.start();
    await new Promise(setImmediate);
    expect(world.attempts).toEqual(["failed"]);
  });
});
