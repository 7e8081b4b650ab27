import { isIntact, type Ruleset, sealed } from "@telltale/evaluator";
import { rulesetOf } from "@telltale/testing/ruleset";
import { describe, expect, it } from "vitest";
import { createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

const flag = { variants: { on: true, off: false }, off: "off", serve: "on" };
/** A ruleset in which one flag, and one that needs it, cannot be said in schema 1. */
function published(version: number) {
  const plain = rulesetOf(version, { old: flag, other: flag }, { audience: "server" });
  const flags = {
    ...plain.flags,
    novel: { ...flag, until: 7 },
    needy: { ...flag, prerequisites: [{ flag: "novel", variants: ["on"] }] },
  };
  const { digest, ...more } = sealed({ ...plain, flags } as Ruleset);
  const document = JSON.stringify({ digest, ...more });
  return { ...ruleset(version), document, digest, etag: `"${digest}-${version}"` };
}

function create() {
  const world = createWorld();
  world.rulesets.set("env-1/server", published(7));
  const get = (query: string, headers: Record<string, string> = {}) =>
    world.call(`/v1/ruleset${query}`, { key: SERVER_KEY, headers });
  return { ...world, get };
}

describe("GET /v1/ruleset in the schema that an SDK reads", () => {
  it("is the document as published for this release's, and for SDKs that do not say", async () => {
    const world = create();
    for (const query of ["", "?schema=2", "?schema="]) {
      const text = await (await world.get(query)).text();
      expect([query, text === world.rulesets.get("env-1/server")?.document, isIntact(text)]).toEqual([
        query,
        true,
        true,
      ]);
    }
  });

  it("is another document, with a tag of its own, for the release before", async () => {
    const world = create();
    const answer = await world.get("?schema=1", { "accept-encoding": "identity" });
    const document = (await answer.json()) as { digest: string };
    expect(document).toMatchObject({
      schema: 1,
      version: 7,
      flags: { old: { type: "boolean", on: true, rules: [], serve: { variant: "on" } } },
    });
    const etag = `"${document.digest}-7"`;
    expect(answer.headers.get("etag")).toBe(etag);
    expect((await world.get("?schema=1", { "if-none-match": etag })).status).toBe(304);
    expect((await world.get("?schema=2", { "if-none-match": etag })).status).toBe(200);
  });

  it("lacks flags that it cannot say, and their dependents; the log says so once, the metrics as long as it is so", async () => {
    const world = create();
    const names = 'environment="harbour/production",audience="server",schema="1"';
    const labels = `environment_id="env-1",${names}`;
    const metrics = async () => (await world.call("/metrics")).text();
    expect(await metrics()).not.toContain("telltale_edge_flags_left_out{");
    for (let i = 0; i < 3; i++) {
      const { flags } = (await (await world.get("?schema=1")).json()) as { flags: object };
      expect(Object.keys(flags)).toEqual(["old", "other"]);
    }
    expect(await metrics()).toContain(`telltale_edge_flags_left_out{${labels}} 2\n`);
    expect(world.logged).toEqual(["flags cannot be said in an older schema and are left out of it"]);
    world.publish(ruleset(8, rulesetOf(8, { old: flag }, { audience: "server" })));
    await world.get("?schema=1");
    expect(await metrics()).toContain(`telltale_edge_flags_left_out{${labels}} 0\n`);
  });

  it.each([
    ["?schema=3", "Update the edge, or use an SDK of an earlier release"],
    ["?schema=0", "Update the SDK"],
    ["?schema=two", "Update the SDK"],
    ["?schema=99999999999999999999", "Update the edge"],
  ])("is refused in %s, with what to do", async (query, sentence) => {
    for (const path of ["/v1/ruleset", "/v1/stream"]) {
      const answer = await create().call(`${path}${query}`, { key: SERVER_KEY });
      const problem = (await answer.json()) as { type: string; detail: string };
      expect([answer.status, problem.type]).toEqual([400, "urn:telltale:problem:unknown-schema"]);
      expect(problem.detail).toContain("1 and 2");
      expect(problem.detail).toContain(sentence);
    }
  });

  it("says when what is published is no ruleset that could be said otherwise", async () => {
    const world = create();
    world.rulesets.set("env-1/server", ruleset(7, { flags: undefined }));
    const answer = await world.get("?schema=1");
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      404,
      "urn:telltale:problem:no-ruleset",
    ]);
    expect((await world.get("")).status).toBe(200);
  });
});

describe("GET /v1/stream in the schema that an SDK reads", () => {
  async function open(world: ReturnType<typeof create>, query: string) {
    const answer = await world.call(`/v1/stream${query}`, { key: SERVER_KEY });
    const reader = answer.body?.getReader();
    const decoder = new TextDecoder();
    return async () => decoder.decode((await reader?.read())?.value);
  }

  it("brings each its own document, on connecting and with each change", async () => {
    const world = create();
    const [one, two] = [await open(world, "?schema=1"), await open(world, "?schema=2")];
    for (const read of [one, two]) expect(await read()).toContain("retry:");
    expect(await one()).toMatch(/^event: ruleset\nid: 7\ndata: {"schema":1,/);
    expect(await two()).toMatch(/^event: ruleset\nid: 7\ndata: {"digest":"\w{8}","schema":2,/);
    world.publish(published(8));
    expect(await one()).toMatch(/^event: ruleset\nid: 8\ndata: {"schema":1,/);
    expect(await two()).toMatch(/^event: ruleset\nid: 8\ndata: {"digest":"\w{8}","schema":2,/);
    expect(world.edge.streams).toBe(2);
  });
});

it("says which schemas it serves", async () => {
  expect(await (await create().call("/version")).json()).toMatchObject({ schema: 2, schemas: [1, 2] });
});
