import { applyPatch, isIntact, type Ruleset } from "@telltale/evaluator";
import { rulesetOf } from "@telltale/testing/ruleset";
import { describe, expect, it } from "vitest";
import { createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

/** Ten flags, one of which says which version it is. */
const documentOf = (version: number): Ruleset =>
  rulesetOf(version, {
    ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`flag-${i}`, {}])),
    lantern: { variants: { on: `v${version}`, off: "off" }, serve: "on" },
  });
const of = (version: number) => ({ ...ruleset(version), document: JSON.stringify(documentOf(version)) });

async function follow(world: ReturnType<typeof createWorld>, query: string, lastEventId?: string) {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const answer = await world.call(`/v1/stream${query}`, { key: SERVER_KEY, headers });
  const reader = answer.body?.getReader();
  const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  await next();
  return next;
}

const dataOf = (frame: string) => JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "null");
const whole = (version: number) => `event: ruleset\nid: ${version}\ndata: ${JSON.stringify(documentOf(version))}\n\n`;

describe("patches", () => {
  it("take a stream that asks for them from each version to the next, one flag at a time", async () => {
    const world = createWorld();
    world.publish(of(8));
    const next = await follow(world, "?patches");
    let text = JSON.stringify(dataOf(await next()));
    for (const version of [9, 10, 11]) {
      world.publish(of(version));
      const frame = await next();
      expect(frame).toMatch(new RegExp(`^event: patch\nid: ${version}\n`));
      expect(Object.keys(dataOf(frame).entries.flags)).toEqual(["lantern"]);
      expect(frame.length).toBeLessThan(whole(version).length / 2);
      text = applyPatch(JSON.parse(text), dataOf(frame));
      expect([isIntact(text), text]).toEqual([true, JSON.stringify(documentOf(version))]);
    }
  });

  it("go to nobody who did not ask", async () => {
    const world = createWorld();
    world.publish(of(8));
    const next = await follow(world, "");
    expect(await next()).toBe(whole(8));
    world.publish(of(9));
    expect(await next()).toBe(whole(9));
  });

  it("bring back who missed one version; who missed more gets the document", async () => {
    const world = createWorld();
    for (const version of [8, 9, 10]) world.publish(of(version));
    expect(await (await follow(world, "?patches", "9"))()).toMatch(/^event: patch\nid: 10\n/);
    expect(await (await follow(world, "?patches", "8"))()).toBe(whole(10));
    expect(await (await follow(world, "?patches", "11"))()).toBe(whole(10));
  });

  it("are none for what is no ruleset", async () => {
    const world = createWorld();
    world.publish(of(8));
    const next = await follow(world, "?patches");
    await next();
    for (const [version, document] of [
      [9, "null"],
      [10, "{oops"],
      [11, "[]"],
    ] as const) {
      world.publish({ ...of(version), document });
      expect(await next()).toBe(`event: ruleset\nid: ${version}\ndata: ${document}\n\n`);
    }
  });
});
