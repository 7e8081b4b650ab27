import { createHash } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type CurrentRuleset, catalogueName, etagOf, type KeyInfo } from "@telltale/ruleset/read";
import { rulesetOf, type TestFlag } from "@telltale/testing/ruleset";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, NOW } from "./fake-world.ts";

/**
 * Environments are sealed from each other, and client keys from what is not theirs. Every text that somebody might be
 * told too much by is a marker: `<what>@<environment>@`. Whatever is asked, only markers of the key may be answered.
 */

const ENVIRONMENTS = ["shop/live", "shop/test", "bank/live"];
const ORIGIN = "https://shop.example";
const RELAY_TOKEN = "relay-token-".padEnd(32, "x");
const mark = (what: string, environment: string) => `${what}@${environment}@`;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const secretOf = (audience: string, environment: string) => `tt_${audience}_${environment.replace("/", "_")}`;

/** What a client key may be told, besides what every server key may. */
const CLIENT_SIDE = ["shown-value", "shown-rule", "edged-value"];

function flag(name: string, environment: string, visibility?: "client" | "edge"): Partial<TestFlag> {
  const values = [mark(`${name}-rule`, environment), "DE"];
  return {
    ...(visibility && { visibility }),
    variants: { a: mark(`${name}-value`, environment), b: mark(`${name}-value`, environment) },
    off: "a",
    rules: [{ id: "r1", when: [{ attribute: "group", op: "in", values }], serve: "b" }],
    serve: "a",
  };
}

function published(environment: string, audience: "server" | "client", version: number): CurrentRuleset {
  const shown = flag("shown", environment, audience === "server" ? "client" : undefined);
  const flags: Record<string, Partial<TestFlag>> = audience === "client"
    ? { shown }
    : { shown, edged: flag("edged", environment, "edge"), hidden: flag("hidden", environment) };
  const document = JSON.stringify(rulesetOf(version, flags, { environment, audience }));
  // The digests are the same everywhere: not even a guessed entity tag opens another environment.
  const tag = { digest: "d", version };
  return { environmentId: environment, environment, audience, ...tag, document, etag: etagOf(tag), publishedAt: NOW };
}

function createSealedWorld() {
  const world = createWorld({}, { relayTokens: [RELAY_TOKEN] });
  world.keys.clear();
  world.rulesets.clear();
  for (const environment of ENVIRONMENTS) {
    const [projectKey = "", environmentKey = ""] = environment.split("/");
    for (const audience of ["server", "client"] as const) {
      const key: KeyInfo = {
        id: `${audience} ${environment}`,
        environmentId: environment,
        environmentKey,
        projectId: projectKey,
        projectKey,
        audience,
        origins: audience === "client" ? [ORIGIN] : [],
      };
      world.keys.set(sha256(secretOf(audience, environment)), key);
      const ruleset = published(environment, audience, 7);
      world.rulesets.set(catalogueName(ruleset), ruleset);
    }
  }
  return world;
}

const secrets = ENVIRONMENTS.flatMap((environment) => [
  secretOf("server", environment),
  secretOf("client", environment),
]);
const secret = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...secrets) },
  fc.constantFrom("tt_server_shop", "tt_client_", RELAY_TOKEN, ...secrets.map(sha256)),
  fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.replace(/[^\x21-\x7e]/g, "x")),
);
/** How a secret is shown in Authorization, and what of it counts. */
const authorization = fc.oneof(
  { weight: 6, arbitrary: secret.map((one) => ({ header: `Bearer ${one}`, counts: one })) },
  secret.map((one) => ({ header: `bearer   ${one}`, counts: one })),
  secret.map((one) => ({ header: `Basic ${one}`, counts: undefined })),
  fc.tuple(secret, secret).map(([a, b]) => ({ header: `Bearer ${a}, Bearer ${b}`, counts: undefined })),
  fc.tuple(secret, secret).map(([a, b]) => ({ header: `Bearer ${a} ${b}`, counts: undefined })),
);
const environment = fc.constantFrom(...ENVIRONMENTS);
const flagKey = fc.constantFrom("shown", "edged", "hidden", "__proto__", "constructor", "%00", "..", "hidden/");
const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("/v1/ruleset", "/v1/stream", "/ofrep/v1/evaluate/flags") },
  { weight: 3, arbitrary: flagKey.map((key) => `/ofrep/v1/evaluate/flags/${key}`) },
  fc.constantFrom("/relay/v1/feed", "/metrics", "/readyz", "/version", "/v1/events", "/", "/.env"),
  environment.map((name) => `/v1/ruleset/${name}`),
  environment.map((name) => `/v1/ruleset?environment=${name}&environmentId=${name}&audience=server`),
  fc.constantFrom("/v1/ruleset?schema=1", "/v1/stream?schema=1", "/v1/stream?patches&schema=2", "/v1/ruleset?schema=9"),
  environment.map((name) => `/v1/stream?key=${secretOf("server", name)}`),
  fc.constantFrom("//v1/ruleset", "/v1/./ruleset", "/x/../v1/ruleset", "/v1/ruleset/", "/V1/ruleset", "/v1/ruleset%00"),
  fc.webPath(),
);
const body = fc.oneof(
  fc
    .record({ targetingKey: fc.string(), group: fc.constantFrom("DE", "x"), environment, audience: fc.string() })
    .map((context) => ({ context, ...context })),
  fc.jsonValue(),
);
const request = fc.record({
  method: fc.constantFrom("GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"),
  path,
  authorization: fc.option(authorization, { nil: undefined, freq: 6 }),
  apiKey: fc.option(secret, { nil: undefined, freq: 2 }),
  origin: fc.option(fc.constantFrom(ORIGIN, "https://evil.example", "null"), { nil: undefined, freq: 2 }),
  headers: fc.record(
    {
      "if-none-match": fc.constantFrom('"d-7"', '"d-8"', "*", 'W/"d-7"', ""),
      "last-event-id": fc.constantFrom("7", "6", "8", "-1", "shop/test"),
      "accept-encoding": fc.constantFrom("br", "gzip", "identity", "*"),
      "x-environment": environment,
      "x-http-method-override": fc.constantFrom("GET", "POST"),
      "x-original-url": fc.constant("/v1/ruleset"),
      "content-type": fc.constantFrom("application/json", "text/plain"),
      host: environment.map((name) => name.replace("/", ".")),
    },
    { requiredKeys: [] },
  ),
  body,
});
type Asked = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** What the key that counts may see; by the law, not by the code. */
function mayTell(asked: Asked, marker: string): boolean {
  const { authorization, apiKey } = asked;
  // An Authorization of another scheme is for somebody else; one that is meant for us counts alone, also where it is wrong.
  const shown = authorization && !authorization.header.startsWith("Basic") ? authorization.counts : apiKey;
  const [what = "", where = ""] = marker.split("@");
  if (shown === secretOf("server", where)) return true;
  if (shown !== secretOf("client", where)) return false;
  return CLIENT_SIDE.includes(what) && (asked.origin === undefined || asked.origin === ORIGIN);
}

async function send(world: ReturnType<typeof createWorld>, asked: Asked): Promise<string> {
  const headers = new Headers(asked.headers as Record<string, string>);
  if (asked.authorization) headers.set("authorization", asked.authorization.header);
  if (asked.apiKey !== undefined) headers.set("x-api-key", asked.apiKey);
  if (asked.origin !== undefined) headers.set("origin", asked.origin);
  const sent = asked.method === "GET" || asked.method === "HEAD" ? {} : { body: JSON.stringify(asked.body) };
  const answer = await world.call(asked.path, { method: asked.method, headers, ...sent });
  // What is open gets everything that is published, and is then read to its end.
  for (const name of ENVIRONMENTS)
    for (const audience of ["server", "client"] as const) world.publish(published(name, audience, 8));
  await world.edge.stop();
  const bytes = Buffer.from(await answer.arrayBuffer());
  // HEAD is told an encoding and gets nothing.
  const encoding = bytes.byteLength > 0 ? answer.headers.get("content-encoding") : null;
  const text = encoding === "br" ? brotliDecompressSync(bytes) : encoding === "gzip" ? gunzipSync(bytes) : bytes;
  return `${JSON.stringify([...answer.headers])}${text}`;
}

const markersIn = (text: string) => new Set(text.match(/[a-z]+-[a-z]+@[a-z]+\/[a-z]+@/g));

describe("environments are sealed", () => {
  it("whatever is asked, however", async () => {
    const told = new Set<string>();
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const answer = await send(createSealedWorld(), asked);
        const isRelay = asked.path === "/relay/v1/feed" && asked.authorization?.counts === RELAY_TOKEN;
        if (isRelay) return;
        for (const marker of markersIn(answer)) {
          if (!mayTell(asked, marker)) throw new Error(`${marker} was told`);
          told.add(marker);
        }
        for (const one of secrets) expect(answer).not.toContain(sha256(one));
      }),
      { numRuns: 3_000 },
    );
    // What may be told was told, to somebody: the markers are where they are believed to be.
    const all = ENVIRONMENTS.flatMap((name) =>
      ["shown", "edged", "hidden"].flatMap((what) => [mark(`${what}-value`, name), mark(`${what}-rule`, name)]),
    );
    expect([...told].sort()).toEqual(all.sort());
  }, 60_000);
});
