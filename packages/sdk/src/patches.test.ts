import { patchBetween, type Ruleset } from "@telltale/evaluator";
import { describe, expect, it } from "vitest";
import { frame, on, rulesetOf, settle, startClient } from "./fakes.ts";

describe("the stream", () => {
  it("names the schema that it reads, and takes patches, each made for the version in use", async () => {
    const { edge, client, me } = startClient({ bootstrap: undefined });
    await settle();
    expect(edge.requests[0]?.query).toBe("?schema=2&patches");
    const versions = [1, 2, 3, 4].map((version) => rulesetOf(version, { f: version % 2 ? {} : on, g: {}, h: on }));
    const [one, two, three, four] = versions as [Ruleset, Ruleset, Ruleset, Ruleset];
    const patch = (from: Ruleset, to: Ruleset) =>
      `event: patch\nid: ${to.version}\ndata: ${JSON.stringify(patchBetween(from, to))}\n\n`;
    const changes: object[] = [];
    client.on("change", (change) => changes.push(change));
    edge.streams[0]?.push(frame(one) + patch(one, two));
    await settle();
    expect([client.status().version, me.value("f", false)]).toEqual([2, true]);
    expect(changes[1]).toEqual({ version: 2, flags: ["f"] });
    expect(client.ruleset()).toEqual(two);
    edge.streams[0]?.push(patch(two, three));
    await settle();
    expect(client.ruleset()).toEqual(three);
    expect(client.status().source).toBe("stream");
    expect(patch(three, four).length).toBeLessThan(frame(four).length);
    await client.close();
  });

  it.each<[string, (patch: string) => string]>([
    ["for another version", (patch) => patch.replace('"from":1', '"from":7')],
    ["that leads elsewhere", (patch) => patch.replace('"serve":"on"', '"serve":"no"')],
  ])("asks for the whole document after a patch %s", async (_name, change) => {
    const { edge, clock, client, errors } = startClient({ bootstrap: undefined });
    await settle();
    const [one, two] = [rulesetOf(1, { f: {}, g: {} }), rulesetOf(2, { f: on, g: {} })];
    edge.streams[0]?.push(frame(one));
    await settle();
    edge.streams[0]?.push(`event: patch\ndata: ${change(JSON.stringify(patchBetween(one, two)))}\n\n`);
    await settle();
    expect(client.status().version).toBe(1);
    expect(errors.at(-1)).toContain("a patch does not fit");
    await clock.advance(2_000);
    expect(edge.to("/v1/stream")[1]?.headers.has("last-event-id")).toBe(false);
    edge.streams[1]?.push(frame(two));
    await settle();
    expect(client.status().version).toBe(2);
    await client.close();
  });
});
