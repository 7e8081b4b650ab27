import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../launch/settings.ts";
import { LONGEST, rankOf } from "./longest-first.ts";

it("names files that are there", () => {
  expect(LONGEST.filter((file) => !fs.existsSync(path.join(root, file)))).toEqual([]);
});

it("ranks them as they are named, before all others", () => {
  const other = "packages/stats/src/door/door.test.ts";
  const files = [other, ...LONGEST.toReversed()].map((file) => path.join(root, file));
  const sorted = files.toSorted((a, b) => rankOf(a) - rankOf(b)).map((file) => path.relative(root, file));
  expect(sorted).toEqual([...LONGEST, other]);
});
