import { createFlag, requestAnalysis, saveSegment } from "@telltale/control";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { analyseTest, startTestExperiment } from "../experiment/fixtures.ts";
import { openTestBackend, publicUrl, type TestBackend } from "../fixtures.ts";
import { appRouter } from "../router.ts";
import { ENVELOPES, hostileInputsOf, refusedIn, write } from "./fixtures.ts";

const ROUNDS = 40;
const SEED = 1;
const system = { kind: "system", name: "demo seed" } as const;
const project = "demo/shop";
const procedures = Object.entries<unknown>(appRouter._def.procedures).map(([name, procedure]) => {
  const { _def } = procedure as { _def: { type: string; inputs: z.ZodType[] } };
  return { name, type: _def.type, schema: _def.inputs.at(-1) };
});

let shop: TestBackend;
let cookie: string;
/** What only the database knows, by its name in inputs. */
const known = new Map<string, unknown>();
beforeAll(async () => {
  shop = await openTestBackend();
  const { database } = shop;
  const order = await startTestExperiment(database, "first", true);
  await startTestExperiment(database, "second", false);
  known.set("$snapshot", await analyseTest(database, order, 480));
  const { request } = await requestAnalysis(database, system, { project, experiment: "first" });
  known.set("$request", request);
  const value = { a: 1 };
  const variants = [
    { key: "on", value },
    { key: "off", value: null },
  ];
  await createFlag(database, system, { project, key: "shape", name: "Shape", type: "json", variants });
  const definition = { included: ["ana"], excluded: [], rules: [] };
  await saveSegment(database, system, { project, key: "crew", name: "Crew", definition, expectedRevision: null });
  ({ cookie } = await shop.signIn("owner"));
});
afterAll(() => shop?.close());

/** Sends a text as it is. */
async function send(name: string, type: string, text: string | undefined, query = "") {
  const input = type === "query" && text !== undefined ? `input=${encodeURIComponent(text)}` : "";
  const request = new Request(`${publicUrl}/api/trpc/${name}?${query}${input}`, {
    method: type === "query" ? "GET" : "POST",
    headers: { cookie, "content-type": "application/json" },
    ...(type === "query" ? {} : { body: text ?? "" }),
  });
  const answer = await shop.backend.trpc(request);
  return { status: answer.status, text: await answer.text() };
}

const envelope = async (name: string, input: unknown) => {
  if (typeof input === "object" && input !== null) known.set("$revision", await revisionOf(name, { ...input }));
  return write(input, known);
};

/** The present revision of what a change is about, so that it is not refused as a stale one. */
async function revisionOf(name: string, input: Record<string, unknown>): Promise<number> {
  const { database } = shop;
  const key = (part: string) => (typeof input[part] === "string" ? input[part].replaceAll("\0", "") : "");
  switch (name.split(".")[0]) {
    case "flag":
      return (await database.flagConfig.findFirst({ where: { flag: { key: key("flag") } } }))?.revision ?? 1;
    case "segment":
      return (await database.segment.findFirst({ where: { key: key("key") } }))?.revision ?? 1;
    case "metric":
      return (await database.metric.findFirst({ where: { key: key("metric") } }))?.revision ?? 1;
    case "experiment":
      return (await database.experiment.findFirst({ where: { key: key("experiment") } }))?.revision ?? 1;
    default:
      return (await database.organisation.findFirstOrThrow()).settingsRevision;
  }
}

/** What went wrong beyond what an input may: the answer is no refusal, or it says nothing. */
async function attack(name: string, type: string, text: string | undefined, query = "") {
  const answer = await send(name, type, text, query);
  const isSound = answer.status < 500 && shop.unexpected.length === 0 && answer.text.length > 0;
  if (isSound) return [];
  return [
    { name, text: text?.slice(0, 300), status: answer.status, unexpected: shop.unexpected.splice(0).map(String) },
  ];
}

describe("no input makes a 500", () => {
  it.each(procedures)("of $name", async ({ name, type, schema }) => {
    if (!schema) throw new Error("A procedure has an input schema.");
    const inputs = [...refusedIn(schema, SEED), ...fc.sample(hostileInputsOf(schema), { numRuns: ROUNDS, seed: SEED })];
    const broken = [];
    for (const input of inputs) broken.push(...(await attack(name, type, await envelope(name, input))));
    for (const text of ENVELOPES) broken.push(...(await attack(name, type, text)));
    for (const text of ENVELOPES) broken.push(...(await attack(name, type, text, "batch=1&")));
    expect(broken).toEqual([]);
  });

  it("and whatever was taken can be read", async () => {
    const { database } = shop;
    const read = async (name: string, input: unknown) => {
      const { status } = await send(name, "query", write(input, known));
      return status === 200 ? [] : [{ name, input, status, unexpected: shop.unexpected.splice(0).map(String) }];
    };
    const broken = [];
    for (const name of ["flag.list", "segment.list", "metric.list", "experiment.list", "audit.list", "layer.list"]) {
      broken.push(...(await read(name, { project })));
    }
    for (const { key: flag } of await database.flag.findMany()) {
      for (const name of ["flag.get", "flag.history"]) broken.push(...(await read(name, { project, flag })));
    }
    for (const { key } of await database.segment.findMany())
      broken.push(...(await read("segment.get", { project, key })));
    for (const { key: metric } of await database.metric.findMany()) {
      broken.push(...(await read("metric.get", { project, metric })));
    }
    for (const { key: experiment } of await database.experiment.findMany()) {
      for (const name of ["experiment.get", "experiment.results", "experiment.snapshots"]) {
        broken.push(...(await read(name, { project, experiment })));
      }
    }
    expect(broken).toEqual([]);
  });
});
