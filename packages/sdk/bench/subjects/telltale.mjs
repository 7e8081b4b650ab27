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
    export { bucketOf, encode, endsOf, seedOf } from ${source("../../../evaluator/src/hash.ts")};`;
  const stdin = { contents, resolveDir: folder, loader: "ts" };
  await build({ stdin, bundle: true, format: "esm", platform: "node", outfile, logLevel: "error" });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const sdk = await load();
const { createClient, endsOf, seedOf } = sdk;

const split = (key, parts, variants, more = {}) => ({
  split: { by: "targetingKey", seed: seedOf(key), ends: endsOf(parts), variants, ...more },
});
const boolean = (serve) => ({
  type: "boolean",
  on: true,
  variants: { on: true, off: false },
  off: "off",
  rules: [],
  serve,
});
const rules = [
  { id: "r1", when: [{ attribute: "country", op: "in", values: RULES.countries }], serve: { variant: "b" } },
  { id: "r2", when: [{ attribute: "plan", op: "in", values: [RULES.plan] }], serve: { variant: "c" } },
  { id: "r3", when: [{ attribute: "build", op: "gte", values: [RULES.build] }], serve: { variant: "b" } },
];

function flagOf({ key, kind }, tracked) {
  if (kind === "on") return boolean({ variant: "on" });
  if (kind === "half") return boolean(split(key, [50_000, 50_000], ["on", "off"]));
  const more = tracked ? { experiment: key } : {};
  const serve = split(key, [50_000, 25_000, 25_000], ["a", "b", "c"], more);
  return { type: "string", on: true, variants: { a: "a", b: "b", c: "c" }, off: "a", rules, serve };
}

export function documentOf(flags, { tracked = false } = {}) {
  return JSON.stringify({
    schema: 1,
    environment: "bench/production",
    audience: "server",
    version: 1,
    digest: "bench",
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag, tracked)])),
    segments: {},
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 3_600_000, fastLane: false },
  });
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
