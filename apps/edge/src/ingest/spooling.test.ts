import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createWorld, track } from "../fake-world.ts";
import { faultyDisk } from "../spool/fakes.ts";
import { Spool } from "../spool/spool.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function worldWithSpool(limits = {}, folder = mkdtempSync(join(tmpdir(), "spooling-")), maxBytes = 1 << 20) {
  folders.push(folder);
  const { disk, state } = faultyDisk();
  const spool = await Spool.open({ folder, maxBytes, disk });
  if ("sentence" in spool) throw new Error(spool.sentence);
  return { ...createWorld(limits, { spool }), spool, disk: state, folder };
}
const ids = (stored: Record<string, string>[]) => stored.map(({ id }) => id).sort();

describe("while the store is away", () => {
  it("batches are accepted onto the disk, the edge stays ready, and all reaches the store when it is back", async () => {
    const world = await worldWithSpool();
    world.state.storeUp = false;
    for (const id of ["a", "b", "c"]) expect((await world.post({ events: [track({ id })] })).status).toBe(200);
    expect(world.stored).toEqual([]);
    expect((await world.call("/readyz")).status).toBe(200);
    expect(await (await world.call("/metrics")).text()).toContain("telltale_edge_spooled_events_total 3\n");
    world.state.storeUp = true;
    await vi.waitFor(() => expect(ids(world.stored)).toEqual(["a", "b", "c"]), { timeout: 10_000 });
    await vi.waitFor(() => expect(world.spool.isEmpty).toBe(true));
    expect((await world.post({ events: [track({ id: "d" })] })).status).toBe(200);
    expect(ids(world.stored)).toEqual(["a", "b", "c", "d"]);
    await world.edge.stop();
  });

  it("a store that hangs is given up in time, and the batch goes to disk", async () => {
    const world = await worldWithSpool({ storeTimeoutMs: 20 });
    world.state.hang = true;
    expect((await world.post({ events: [track({ id: "a" })] })).status).toBe(200);
    expect(world.spool.isEmpty).toBe(false);
    world.state.hang = false;
    await vi.waitFor(() => expect(ids(world.stored)).toEqual(["a"]), { timeout: 10_000 });
    await world.edge.stop();
  });

  it("what waited behind the insert that failed goes to disk without an attempt of its own", async () => {
    const world = await worldWithSpool({ storeTimeoutMs: 300, insertIntervalMs: 1 });
    world.state.hang = true;
    const first = world.post({ events: [track({ id: "a" })] });
    await vi.waitFor(() => expect(world.state.attempted).toEqual(["a"]), { interval: 1 });
    const second = world.post({ events: [track({ id: "b" })] });
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(world.state.attempted).not.toContain("b");
    world.state.hang = false;
    await vi.waitFor(() => expect(ids(world.stored)).toEqual(["a", "b"]), { timeout: 10_000 });
    await world.edge.stop();
  });

  it("what does not fit into memory goes to disk too", async () => {
    const world = await worldWithSpool({ queuedEvents: 1, storeTimeoutMs: 60_000 });
    world.state.hang = true;
    const first = world.post({ events: [track({ id: "a" })] });
    await new Promise(setImmediate);
    expect((await world.post({ events: [track({ id: "b" })] })).status).toBe(200);
    expect(world.spool.isEmpty).toBe(false);
    world.state.hang = false;
    world.state.release();
    expect((await first).status).toBe(200);
    await vi.waitFor(() => expect(ids(world.stored)).toEqual(["a", "b"]), { timeout: 10_000 });
    await world.edge.stop();
  });

  it.each([
    ["the spool is full", {}, 40],
    ["the disk is full", { room: 10 }, 1 << 20],
    ["the disk fails", { syncFails: true }, 1 << 20],
  ])("nothing is accepted when %s, and the answer says to come again", async (_, fault, maxBytes) => {
    const world = await worldWithSpool({}, undefined, maxBytes);
    Object.assign(world.disk, fault);
    world.state.storeUp = false;
    const answer = await world.post({ events: [track()] });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "application/problem+json"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(5);
    expect(world.spool.isEmpty).toBe(true);
    await world.edge.stop();
  });

  it("what a stopped edge left on disk is brought in by the next", async () => {
    const before = await worldWithSpool();
    before.state.storeUp = false;
    await before.post({ events: [track({ id: "a" })] });
    await before.edge.stop();
    const after = await worldWithSpool({}, before.folder);
    await vi.waitFor(() => expect(ids(after.stored)).toEqual(["a"]), { timeout: 10_000 });
    await after.edge.stop();
  });

  it("an edge that stops spools what was still on its way to the store", async () => {
    const world = await worldWithSpool({ storeTimeoutMs: 50 });
    world.state.hang = true;
    const answer = world.post({ events: [track({ id: "a" })] });
    await new Promise(setImmediate);
    await world.edge.stop();
    expect((await answer).status).toBe(200);
  });
});
