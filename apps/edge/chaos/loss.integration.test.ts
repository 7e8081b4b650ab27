import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, inject, it } from "vitest";
import { type ChaosWorld, createChaosWorld, draws, Load, scope } from "./fixtures.ts";

const { rounds, seed } = inject("chaos");
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function createWorld(): Promise<ChaosWorld> {
  const world = await createChaosWorld();
  open.push(world);
  return world;
}

/** What may happen to the edge and the store while events come in; each ends with both at work. */
const FAULTS: Record<string, (world: ChaosWorld, load: Load, some: () => number) => Promise<void>> = {
  "kill -9 of the edge": async (world) => {
    await world.killEdge();
    await world.startEdge();
  },
  "kill -9 of the store": async (world, load, some) => {
    await world.killStore();
    await load.more(some());
    await world.startStore();
  },
  "SIGSTOP of the store": async (world, load, some) => {
    world.signalStore("SIGSTOP");
    await load.more(some());
    world.signalStore("SIGCONT");
  },
  "kill -9 of the store, then of the edge that spools for it": async (world, load, some) => {
    await world.killStore();
    await load.more(some());
    await world.killEdge();
    await world.startEdge();
    await load.more(some());
    await world.startStore();
  },
  "kill -9 of the edge while it replays": async (world, load, some) => {
    await world.killStore();
    await load.more(some());
    await world.startStore();
    await world.killEdge();
    await world.startEdge();
  },
};

/** Everything in memory and on disk has reached the store. */
async function settled(world: ChaosWorld): Promise<void> {
  const until = Date.now() + 90_000;
  for (;;) {
    const left =
      (await world.metric("telltale_edge_spool_bytes")) + (await world.metric("telltale_edge_queued_events"));
    if (left === 0) return;
    if (Date.now() > until) throw new Error(`${left} bytes or events are still on their way`);
    await pause(50);
  }
}

/** Every accepted event is in the store, and counted once. */
async function expectNothingLost(world: ChaosWorld, load: Load): Promise<void> {
  const from = new Date(Date.now() - 86_400_000);
  const stored = await world.store.eventIds({ ...scope, from });
  const missing = [...load.accepted].filter((id) => !stored.has(id));
  expect(missing).toEqual([]);
  const counts = await world.store.countEvents(scope);
  expect(counts.tracks).toBe(stored.size);
  const lag = await world.store.ingestionLag({ ...scope, from });
  expect(lag?.events).toBe(stored.size);
}

it(`loses no accepted event in ${rounds} faults (seed ${seed})`, { timeout: 60_000 + rounds * 20_000 }, async () => {
  const world = await createWorld();
  await world.startEdge();
  const draw = draws(seed);
  const load = new Load(world, `s${seed}`, 8, 20);
  const names = Object.keys(FAULTS);
  for (let round = 0; round < rounds; round++) {
    const some = () => 5 + Math.floor(draw() * 60);
    await load.more(some());
    // Each fault in turn, so that few rounds meet them all; the rest is drawn.
    const name = names[round < names.length ? round : Math.floor(draw() * names.length)] ?? "";
    await FAULTS[name]?.(world, load, some);
  }
  await load.more(50);
  await load.end();
  await settled(world);
  await expectNothingLost(world, load);
  const replayed = await world.metric("telltale_edge_replayed_events_total");
  process.stdout.write(
    `chaos, seed ${seed}: ${rounds} faults, ${load.accepted.size} events accepted, 0 lost; ${JSON.stringify(load.counts)}, ${replayed} replayed by the last edge\n`,
  );
});

const isRoot = process.getuid?.() === 0;

it.runIf(isRoot)("on a full disk answers 503, and keeps what it accepted before", { timeout: 120_000 }, async () => {
  const world = await createWorld();
  mkdirSync(world.spoolFolder);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", world.spoolFolder]);
  open.unshift({ [Symbol.asyncDispose]: async () => void execFileSync("umount", ["-l", world.spoolFolder]) });
  await world.startEdge();
  const load = new Load(world, "full", 4, 20);
  await load.more(20);
  await world.killStore();
  while (load.counts.busy < 20) await pause(10);
  expect((await world.edge("/livez")).status).toBe(200);
  const accepted = load.accepted.size;
  await world.startStore();
  await load.more(50);
  await load.end();
  await settled(world);
  expect(load.accepted.size).toBeGreaterThan(accepted);
  await expectNothingLost(world, load);
  process.stdout.write(`full disk: ${load.accepted.size} events accepted, 0 lost; ${JSON.stringify(load.counts)}\n`);
});
