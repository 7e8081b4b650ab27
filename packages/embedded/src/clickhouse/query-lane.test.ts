import { describe, expect, test } from "vitest";
import { QueryLane } from "./query-lane.ts";

describe("Lane", () => {
  test("runs so many at once, in order, and refuses when too many wait", async () => {
    const lane = new QueryLane(2, 2);
    const log: string[] = [];
    const release: (() => void)[] = [];
    const task = (name: string) =>
      lane.run(async () => {
        log.push(name);
        await new Promise<void>((resolve) => release.push(resolve));
        return name;
      });
    const running = [task("a"), task("b"), task("c"), task("d")];
    await expect(task("e")).rejects.toThrow("TOO_MANY_SIMULTANEOUS_QUERIES");
    expect(log).toEqual(["a", "b"]);
    release[0]?.();
    await running[0];
    expect(log).toEqual(["a", "b", "c"]);
    release[1]?.();
    await running[1];
    for (const open of release) open();
    expect(await Promise.all(running)).toEqual(["a", "b", "c", "d"]);
  });

  test("goes on after a task that failed", async () => {
    const lane = new QueryLane(1, 1);
    await expect(lane.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await lane.run(async () => "next")).toBe("next");
  });
});
