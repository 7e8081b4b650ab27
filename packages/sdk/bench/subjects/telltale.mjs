import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { RULES } from "../scenario.mjs";

/** This repository's SDK, bundled as an application would. */
async function load() {
  const folder = await mkdtemp(join(tmpdir(), "telltale-bench-"));
  const outfile = join(folder, "sdk.mjs");
  const source = (path) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const contents = `export { createClient } from ${source("../../src/index.ts")};
    export { hashToBucket, createNaming, encode, endsOf, sealed, seedOf } from ${source("../../../evaluator/src/index.ts")};`;
  const stdin = { contents, resolveDir: folder, loader: "ts" };
  await build({ stdin, bundle: true, format: "esm", platform: "node", outfile, logLevel: "error" });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const sdk = await load();
const { createClient, createNaming, endsOf, sealed, seedOf } = sdk;

const split = (key, parts, variants, more = {}) => ({
  seed: seedOf(key),
  ends: endsOf(parts),
  variants,
  ...more,
});
const boolean = (serve) => ({ variants: { on: true, off: false }, off: "off", serve });
const naming = createNaming();
const rules = [
  ["r1", { attribute: "country", op: "in", values: RULES.countries }, "b"],
  ["r2", { attribute: "plan", op: "in", values: [RULES.plan] }, "c"],
  ["r3", { attribute: "build", op: "gte", values: [RULES.build] }, "b"],
].map(([id, condition, serve]) => [id, naming.nameOf([condition]), serve]);

function flagOf({ key, kind }, tracked) {
  if (kind === "on") return boolean("on");
  if (kind === "half") return boolean(split(key, [50_000, 50_000], ["on", "off"]));
  const more = tracked ? { experiment: key } : {};
  const serve = split(key, [50_000, 25_000, 25_000], ["a", "b", "c"], more);
  return { variants: { a: "a", b: "b", c: "c" }, off: "a", rules, serve };
}

export function documentOf(flags, { tracked = false } = {}) {
  const document = sealed({
    schema: 2,
    environment: "bench/production",
    audience: "server",
    version: 1,
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 3_600_000, fastLane: false },
    conditions: naming.all(),
    segments: {},
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag, tracked)])),
  });
  return JSON.stringify(document);
}

export const contextOf = ({ id, ...rest }) => ({ targetingKey: id, ...rest });

/** The document comes as text, as it would from a page or a file; events go into a sink. */
export async function start(text, { tracked = false } = {}) {
  const client = createClient({
    key: "bench",
    url: "http://bench",
    events: tracked,
    maxQueue: 100_000,
    bootstrap: text,
    fetch: async (url, init) => {
      if (!url.endsWith("/v1/events")) return new Promise(() => {});
      const { events } = JSON.parse(init.body);
      return Response.json({ accepted: events.length, refused: [] });
    },
  });
  await client.ready();
  return {
    read: (key, context, fallback) => client.for(context).value(key, fallback),
    keep(context) {
      const unit = client.for(context);
      return (key, fallback) => unit.value(key, fallback);
    },
    stop: () => client.close(),
  };
}
