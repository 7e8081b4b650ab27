import { expect, it } from "vitest";
import { BackOff } from "./back-off.ts";

it("waits longer each time, never longer than half a minute, and never gives up", () => {
  const backOff = new BackOff();
  const waits = Array.from({ length: 5_000 }, () => backOff.nextMs(10));
  expect(waits.slice(0, 9)).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 30_000, 30_000]);
  expect(new Set(waits.slice(8))).toEqual(new Set([30_000]));
});

it("begins anew after a healthy life", () => {
  const backOff = new BackOff();
  for (let death = 0; death < 10; death++) backOff.nextMs(10);
  expect([backOff.nextMs(60_000), backOff.nextMs(10)]).toEqual([300, 600]);
});
