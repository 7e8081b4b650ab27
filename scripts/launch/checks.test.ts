import { expect, it } from "vitest";
import { checkNode } from "../bootstrap/node-version.mjs";
import { checkSpace } from "./checks.ts";

it("refuses a Node that is too old, with what to install", () => {
  expect(["20.19.0", "20.20.2", "22.0.0", "24.1.0"].map(checkNode)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(checkNode("20.18.9")).toContain("install Node 20.19 or newer");
  expect(checkNode("8.17.0")).toContain("too old");
});

it("refuses a disk that is full before anything is written to it", () => {
  expect(() => checkSpace("/data", 299 * 1024 ** 2)).toThrow("The disk that holds /data is full");
  expect(() => checkSpace("/data", 301 * 1024 ** 2)).not.toThrow();
});
