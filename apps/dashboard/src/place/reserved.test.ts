import { readdirSync } from "node:fs";
import { RESERVED_KEYS } from "@telltale/api/server";
import { expect, it } from "vitest";

it("no organisation's key is the begin of a page's path", () => {
  const entries = readdirSync(new URL("../app", import.meta.url), { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("[")).map(({ name }) => name);
  expect(paths).toContain("sign-in");
  expect(paths.filter((name) => !RESERVED_KEYS.includes(name))).toEqual([]);
});
