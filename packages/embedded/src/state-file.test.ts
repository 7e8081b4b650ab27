import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseState, randomPassword, readState, writeState } from "./state-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "telltale-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("state file", () => {
  test("is read as written, by its owner only, with nothing left beside it", async () => {
    const file = join(folder, "x.json");
    writeFileSync(file, "{}", { mode: 0o644 });
    await writeState(file, { password: "secret", port: 5 });
    expect(await readState(file)).toEqual({ password: "secret", port: 5 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["x.json"]);
  });

  test("counts as absent when it is missing or damaged", async () => {
    expect(await readState(join(folder, "none.json"))).toBeUndefined();
    for (const text of ["", "{", "null", "[]", '{"password":""}', '{"password":1}', '{"port":1}']) {
      expect(parseState(text)).toBeUndefined();
    }
    expect(parseState('{"password":"p","port":"x"}')).toEqual({ password: "p" });
  });

  test("passwords are long, and not the same twice", () => {
    expect(randomPassword()).toMatch(/^[0-9a-f]{32}$/);
    expect(randomPassword()).not.toBe(randomPassword());
  });
});
