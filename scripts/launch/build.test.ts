import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fingerprint } from "./build.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-build-"));
  write("apps/dashboard/src/page.tsx", "page");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const full = path.join(folder, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, text);
}

const of = (basePath = "/") => fingerprint(folder, ["apps/dashboard", "missing"], basePath);

it("is the same after a build has left its files", () => {
  const before = of();
  write("apps/dashboard/next-env.d.ts", "written by the build");
  write("apps/dashboard/.next/BUILD_ID", "1");
  write("apps/dashboard/tsconfig.tsbuildinfo", "{}");
  write("apps/dashboard/src/page.test.tsx", "a test");
  expect(of()).toBe(before);
});

it("changes with what is built, and with the path it is built for", () => {
  const before = of();
  expect(of("/telltale")).not.toBe(before);
  write("apps/dashboard/src/page.tsx", "another page");
  expect(of()).not.toBe(before);
});
