import { describe, expect, it } from "vitest";
import { openLanes, type Task } from "./lanes.ts";

/** A promise and the handle that settles it. */
function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const lanes = () => openLanes((key, error) => expect.fail(`${key}: ${error}`));
const task = (key: string, run: (signal: AbortSignal) => Promise<void>, parts: Partial<Task> = {}): Task => ({
  key,
  lane: "quick" as const,
  experimentId: key,
  askedBy: null,
  run,
  ...parts,
});

describe("lanes", () => {
  it("let quick ones pass while a slow one runs", async () => {
    const own = lanes();
    const slow = gate();
    const order: string[] = [];
    own.add(task("slow", () => slow.opened.then(() => void order.push("slow")), { lane: "slow" }));
    own.add(task("slow too", async () => void order.push("slow too"), { lane: "slow" }));
    const quick = gate();
    for (let i = 0; i < 5; i++) own.add(task(`quick ${i}`, async () => void order.push(`quick ${i}`)));
    own.add(task("last", async () => quick.open()));
    await quick.opened;
    expect(order).toEqual(["quick 0", "quick 1", "quick 2", "quick 3", "quick 4"]);
    slow.open();
    await own.idle();
    expect(order.slice(5)).toEqual(["slow", "slow too"]);
  });

  it("serve first what somebody waits for", async () => {
    const own = lanes();
    const held = [gate(), gate(), gate()];
    const order: string[] = [];
    for (const [i, { opened }] of held.entries()) own.add(task(`held ${i}`, () => opened));
    own.add(task("scheduled", async () => void order.push("scheduled")));
    own.add(task("asked", async () => void order.push("asked"), { askedBy: "ann" }));
    for (const { open } of held) open();
    await own.idle();
    expect(order).toEqual(["asked", "scheduled"]);
  });

  it("take each key once at a time, and again afterwards", async () => {
    const own = lanes();
    const held = gate();
    expect(own.add(task("a", () => held.opened))).toBe(true);
    expect(own.add(task("a", () => held.opened))).toBe(false);
    held.open();
    await own.idle();
    expect(own.add(task("a", async () => {}))).toBe(true);
    await own.idle();
  });

  it("let go first what somebody asks for while it waits", async () => {
    const own = lanes();
    const held = [gate(), gate(), gate()];
    const order: string[] = [];
    for (const [i, { opened }] of held.entries()) own.add(task(`held ${i}`, () => opened));
    own.add(task("first", async () => void order.push("first")));
    own.add(task("second", async () => void order.push("second")));
    expect(own.add(task("second", async () => void order.push("second, asked"), { askedBy: "ann" }))).toBe(true);
    expect(own.add(task("second", async () => {}, { askedBy: "ben" }))).toBe(false);
    for (const { open } of held) open();
    await own.idle();
    expect(order).toEqual(["second, asked", "first"]);
  });

  it("serve one person at a time, and the schedule meanwhile", async () => {
    const own = lanes();
    const held = gate();
    const order: string[] = [];
    const asked = (who: string, name: string) =>
      own.add(task(name, () => held.opened.then(() => void order.push(name)), { askedBy: who }));
    for (let i = 0; i < 400; i += 1) asked("viewer", `invented ${i}`);
    const scheduled = Array.from({ length: 5 }, () => gate());
    for (const [i, { open }] of scheduled.entries()) own.add(task(`scheduled ${i}`, async () => open()));
    await Promise.all(scheduled.map(({ opened }) => opened));
    expect(order).toEqual([]);
    asked("owner", "wanted");
    held.open();
    await own.idle();
    expect(order.indexOf("wanted")).toBeLessThanOrEqual(1);
    expect(order).toHaveLength(401);
  });

  it("do one thing of an experiment at a time, whatever the lane", async () => {
    const own = lanes();
    const held = gate();
    const order: string[] = [];
    const parts = { experimentId: "large" };
    own.add(task("whole", () => held.opened.then(() => void order.push("whole")), { ...parts, lane: "slow" }));
    own.add(task("by country", async () => void order.push("by country"), { ...parts, askedBy: "ann" }));
    const other = gate();
    own.add(task("other", async () => other.open(), { askedBy: "ann" }));
    await other.opened;
    expect(order).toEqual([]);
    held.open();
    await own.idle();
    expect(order).toEqual(["whole", "by country"]);
  });

  it("share the one place of the slow lane, turn by turn", async () => {
    const own = lanes();
    const order: string[] = [];
    const held = gate();
    const add = (name: string, askedBy: string | null) =>
      own.add(task(name, async () => void order.push(name), { lane: "slow", askedBy }));
    own.add(task("held", () => held.opened, { lane: "slow" }));
    for (const name of ["a1", "a2", "a3"]) add(name, "ann");
    add("b1", "ben");
    for (const name of ["s1", "s2", "s3"]) add(name, null);
    held.open();
    await own.idle();
    expect(order).toEqual(["a1", "s1", "b1", "s2", "a2", "s3", "a3"]);
  });

  it("go on after a failure and tell of it", async () => {
    const told: string[] = [];
    const own = openLanes((key, error) => told.push(`${key}: ${error}`));
    for (let i = 0; i < 4; i++) own.add(task(`bad ${i}`, () => Promise.reject(new Error("no"))));
    const good = gate();
    own.add(task("good", async () => good.open()));
    await good.opened;
    await own.idle();
    expect(told).toHaveLength(4);
    expect(told[0]).toBe("bad 0: Error: no");
  });

  it("when stopped, cut off what runs and drop what waits", async () => {
    const own = lanes();
    const cut = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("cut off")));
      });
    const ran: string[] = [];
    for (let i = 0; i < 3; i++) own.add(task(`long ${i}`, cut));
    own.add(task("waits", async () => void ran.push("waits")));
    await own.stop();
    expect(ran).toEqual([]);
    expect(own.add(task("late", async () => void ran.push("late")))).toBe(false);
  });
});
