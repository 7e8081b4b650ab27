import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, SERVER_KEY } from "../fake-world.ts";
import { keepSnapshots, readRulesetSnapshot, writeSnapshot } from "./folder.ts";
import { decodeSnapshot, encodeSnapshot, type RulesetSnapshot } from "./format.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "telltale-snapshot-")), "edge");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const snapshot = (): RulesetSnapshot => {
  const { keys, rulesets } = createWorld();
  return { asOf: 1_700_000_000_000, catalogue: { keys, rulesets } };
};
const file = () => join(folder, "rulesets.snapshot");

describe("a snapshot on the disk", () => {
  it("comes back as it was, without keys, for nobody else to read", async () => {
    expect(await readRulesetSnapshot(folder)).toBeUndefined();
    await writeSnapshot(folder, snapshot());
    expect(await readRulesetSnapshot(folder)).toEqual(snapshot());
    const text = await readFile(file(), "utf8");
    for (const key of [SERVER_KEY, CLIENT_KEY]) expect(text).not.toContain(key);
    expect((await stat(file())).mode & 0o077).toBe(0);
    expect(await readdir(folder)).toEqual(["rulesets.snapshot"]);
  });

  it("is refused when it was cut short, grew, changed or is something else", async () => {
    await readRulesetSnapshot(folder);
    await writeSnapshot(folder, snapshot());
    const good = await readFile(file());
    await truncate(file(), good.byteLength - 1);
    expect(await readRulesetSnapshot(folder)).toEqual({
      refusal: expect.stringMatching(/^it has \d+ bytes instead of \d+$/),
    });
    await writeFile(file(), good);
    await appendFile(file(), " ");
    expect(await readRulesetSnapshot(folder)).toEqual({ refusal: expect.stringContaining("bytes instead of") });
    await writeFile(file(), "");
    expect(await readRulesetSnapshot(folder)).toEqual({ refusal: "it does not begin as a snapshot does" });
    await writeFile(file(), good.toString().replace("telltale-snapshot 1", "telltale-snapshot 2"));
    expect(await readRulesetSnapshot(folder)).toEqual({ refusal: "it has format 2, this edge reads format 1" });
    await rm(file());
    await writeFile(join(folder, "rulesets.snapshot.new-1"), good.subarray(0, 10));
    expect([await readRulesetSnapshot(folder), await readdir(folder)]).toEqual([undefined, []]);
  });

  it("is refused whichever byte of it is wrong", () => {
    const good = encodeSnapshot(snapshot());
    for (let at = 0; at < good.byteLength; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect(decodeSnapshot(bad), `byte ${at}`).toHaveProperty("refusal");
    }
  });
});

describe("keeping it new", () => {
  it("writes the newest, and not once for each change", async () => {
    await readRulesetSnapshot(folder);
    let taken = 0;
    const take = () => ({ ...snapshot(), asOf: ++taken });
    const keeper = keepSnapshots(folder, take, (error) => expect.unreachable(String(error)), 60_000);
    for (let i = 0; i < 100; i++) keeper.changed();
    await keeper.settled();
    expect(await readRulesetSnapshot(folder)).toMatchObject({ asOf: 2 });
  });

  it("says when it cannot write, and tries again at the next change", async () => {
    const errors: unknown[] = [];
    const keeper = keepSnapshots(folder, snapshot, (error) => errors.push(error), 0);
    keeper.changed();
    await keeper.settled();
    expect(errors).toHaveLength(1);
    await readRulesetSnapshot(folder);
    keeper.changed();
    await keeper.settled();
    expect([await readRulesetSnapshot(folder), errors.length]).toEqual([snapshot(), 1]);
  });
});
