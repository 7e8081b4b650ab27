import type { FlagConfiguration, FlagInstruction } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addMember, addPeople, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  applyChange,
  applyDueChanges,
  approveChange,
  configureFlag,
  createFlag,
  getChange,
  getFlag,
  proposeChange,
  revertChange,
  scheduleChange,
  setEnvironmentPolicy,
  switchFlag,
  updateFlag,
} from "../index.ts";

const project = "demo/shop";
const environment = "production";
let shop: TestShop;
let database: Database;
let people: People;
let reviewer: Actor;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
  reviewer = await addMember(shop, "reviewer", "publisher");
});
afterAll(() => shop?.close());

const rule = (id: string, variant = "on") => ({
  id,
  when: [{ attribute: "country", op: "in" as const, values: [id] }],
  serve: { variant },
});
const start: FlagConfiguration = {
  on: true,
  off: "off",
  targets: [],
  serve: { variant: "on" },
  rules: [rule("r1"), rule("r2"), rule("r3")],
};
let flags = 0;
let at: { project: string; environment: string; flag: string };
const now = async () => {
  const { environments } = await getFlag(database, system, { project, flag: at.flag });
  const found = environments.find(({ key }) => key === environment);
  if (!found) throw new Error("It is there.");
  return found;
};
const rules = async () => {
  const { config } = await now();
  return config.rules.map(({ id, serve }) => `${id}:${"variant" in serve ? serve.variant : "split"}`);
};
const update = (instructions: FlagInstruction[], expectedRevision?: number, actor: Actor = people.owner) =>
  updateFlag(database, actor, { ...at, instructions, expectedRevision });
const serve = (id: string | null, variant: string): FlagInstruction => ({
  kind: "setServe",
  rule: id,
  serve: { variant },
});

/** A flag of its own, at revision 2. */
beforeEach(async () => {
  flags += 1;
  at = { project, environment, flag: `flag-${flags}` };
  await createFlag(database, system, { project, key: at.flag, name: at.flag, type: "boolean" });
  await configureFlag(database, system, { ...at, config: start, expectedRevision: 1 });
});

describe("two people who edit different rules at once", () => {
  it("keep both edits, of whole configurations and of instructions", async () => {
    const mine = { ...start, rules: [rule("r1", "off"), rule("r2"), rule("r3")] };
    const theirs = { ...start, rules: [rule("r1"), rule("r3", "off"), rule("new")] };
    const first = await configureFlag(database, people.owner, { ...at, config: theirs, expectedRevision: 2 });
    expect(first).toMatchObject({ revision: 3 });
    expect(first.onTopOf).toBeUndefined();
    const second = await configureFlag(database, reviewer, { ...at, config: mine, expectedRevision: 2 });
    expect(second).toMatchObject({ revision: 4, onTopOf: 3, sentence: expect.not.stringContaining("removed") });
    expect(await rules()).toEqual(["r1:off", "r3:off", "new:on"]);
    const third = await update([serve("r3", "on"), { kind: "addTargets", variant: "off", ids: ["ana"] }]);
    expect(third).toMatchObject({ revision: 5 });
    expect(await update([serve("r1", "on")], 4)).toMatchObject({ revision: 6, onTopOf: 5 });
    expect(await rules()).toEqual(["r1:on", "r3:on", "new:on"]);
    expect((await now()).config.targets).toEqual([{ variant: "off", ids: ["ana"] }]);
  });

  it("keep both when they come in the same moment", async () => {
    const edits = ["r1", "r2", "r3"].map((id) => update([serve(id, "off")], 2));
    await Promise.all(edits);
    expect(await rules()).toEqual(["r1:off", "r2:off", "r3:off"]);
    expect((await now()).revision).toBe(5);
  });

  it("write nothing where the other did the same already", async () => {
    await update([serve("r1", "off")], 2);
    expect(await update([serve("r1", "off")], 2)).toEqual({
      revision: 3,
      onTopOf: 3,
      sentence: "Nothing changed.",
    });
    expect((await now()).revision).toBe(3);
  });
});

describe("a change that cannot stand beside a newer one", () => {
  it.each<[string, FlagInstruction[], FlagInstruction[], unknown[]]>([
    ["the same rule", [serve("r2", "off")], [{ kind: "removeRule", rule: "r2" }], [{ part: "rule", rule: "r2" }]],
    ["everyone else", [serve(null, "off")], [serve(null, "blue")], [{ part: "everyone" }]],
  ])("is refused, and says what both changed: %s", async (_, mine, theirs, conflicts) => {
    const later = theirs.map((one) => (one.kind === "setServe" ? { ...one, serve: split } : one));
    await update(later, 2);
    const error = await refusal(update(mine, 2));
    expect(error).toMatchObject({ code: "CONFLICT", detail: { revision: 3, conflicts } });
    expect((await now()).revision).toBe(3);
  });

  it("is refused where it turns on what others have changed meanwhile", async () => {
    await update([{ kind: "turnOff" }]);
    await update([serve("r1", "off")]);
    const error = await refusal(update([{ kind: "turnOn" }], 3));
    expect(error).toMatchObject({ code: "CONFLICT", detail: { conflicts: [{ part: "switch" }] } });
    expect(await update([{ kind: "turnOn" }], 4)).toMatchObject({ revision: 5 });
  });

  it("is refused on a revision that never was, and where its instructions cannot be followed", async () => {
    expect((await refusal(update([serve("r1", "off")], 9))).code).toBe("CONFLICT");
    expect((await refusal(update([serve("gone", "off")]))).code).toBe("INVALID");
    expect((await refusal(update([serve("r1", "nowhere")]))).code).toBe("INVALID");
    const pattern = [{ attribute: "a", op: "matches" as const, values: ["(a+)+$"] }];
    expect((await refusal(update([{ kind: "setConditions", rule: "r1", when: pattern }]))).code).toBe("INVALID");
    expect((await now()).revision).toBe(2);
  });

  it("is never a switching off", async () => {
    await update([serve("r1", "off")], 2);
    expect(await update([{ kind: "turnOff" }], 2)).toMatchObject({ revision: 4, sentence: "Turned off." });
  });
});

const split = {
  split: { by: "targetingKey", salt: "s", weights: [{ variant: "on", parts: 100_000 }] },
};

describe("a change-set whose base has become stale", () => {
  const propose = async (...lists: FlagInstruction[][]) => {
    const commands = lists.map((instructions) => {
      const input = JSON.parse(JSON.stringify({ ...at, instructions, expectedRevision: 2 }));
      return { name: "flag.update", input };
    });
    return (await proposeChange(database, people.owner, { project, title: "Ship it", commands })).change;
  };
  const approve = async (change: number) => {
    const { fingerprint } = await getChange(database, reviewer, { project, change });
    await approveChange(database, reviewer, { project, change, fingerprint });
  };
  const policy = (count: number) =>
    setEnvironmentPolicy(database, people.owner, {
      project,
      environment,
      policy: count > 0 ? { approvals: [{ count }] } : {},
    });

  it("is applied with its approval while it still does the same, though rules around it moved", async () => {
    const change = await propose([serve("r2", "off")], [serve("r3", "off")]);
    await approve(change);
    // What was rule 2 is rule 3 now: it is told in other words, and it is the same change.
    await update([{ kind: "addRule", rule: rule("new"), before: "r1" }]);
    await policy(1);
    await applyChange(database, people.owner, { project, change });
    await policy(0);
    expect(await rules()).toEqual(["new:on", "r1:on", "r2:off", "r3:off"]);
  });

  it("is applied at its time, and taken back without what others did", async () => {
    const change = await propose([serve("r2", "off")], [serve("r3", "off")]);
    const due = new Date(Date.now() + 60_000).toISOString();
    await scheduleChange(database, people.owner, { project, change, at: due, timeZone: "Europe/Berlin" });
    await update([serve("r1", "off")]);
    expect(await applyDueChanges(database, new Date(Date.now() + 120_000))).toEqual({ applied: 1, setAside: 0 });
    await update([serve(null, "off")]);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect(await rules()).toEqual(["r1:off", "r2:on", "r3:on"]);
    expect((await now()).config.serve).toEqual({ variant: "off" });
  });

  it("is asked about again where others changed the same", async () => {
    const change = await propose([serve("r2", "off")]);
    await update([{ kind: "setConditions", rule: "r1", when: [] }]);
    await update([serve("r2", "on"), { kind: "setServe", rule: "r2", serve: split }]);
    const error = await refusal(applyChange(database, people.owner, { project, change }));
    expect(error).toMatchObject({ code: "CONFLICT", detail: { conflicts: [{ part: "rule", rule: "r2" }] } });
    await switchFlag(database, system, { ...at, on: false });
    expect((await refusal(applyChange(database, people.owner, { project, change }))).code).toBe("CONFLICT");
  });
});
