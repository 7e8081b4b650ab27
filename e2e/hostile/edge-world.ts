import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { createDatabase, createEventStore, startTestDatabases } from "@telltale/testing";
import { rulesetOf, type TestFlag } from "@telltale/testing/ruleset";
import pg from "pg";
import { freePort, startEdge, stopEdge } from "../edge-process.ts";

/** The attacker's tenant, with a public key, and another tenant on the same edge. */
export const KEYS = { client: "ttc_hostile", server: "tts_hostile", neighbour: "tts_neighbour" };
export const RELAY_TOKEN = "relay-token-".padEnd(32, "x");

export const OFREP = "/ofrep/v1/evaluate/flags";

/** What each operator is asked with; patterns of the kind that may be saved. */
const VALUES: Record<string, readonly unknown[]> = {
  in: ["a", "b"],
  contains: ["ab".repeat(250), `b${"a".repeat(499)}`],
  startsWith: ["a".repeat(500)],
  endsWith: ["a".repeat(500)],
  matches: ["^[ab]{50}c", "[ab]{50}c", "@example\\.com$", "^([a-z0-9]+\\.)*example\\.com$"],
  lt: [1],
  lte: [1],
  gt: [1],
  gte: [1],
  semverEq: ["1.2.3-rc.1"],
  semverLt: ["1.2.3-rc.1"],
  semverLte: ["1.2.3-rc.1"],
  semverGt: ["1.2.3-rc.1"],
  semverGte: ["1.2.3-rc.1"],
  before: ["2026-03-01T12:00:00Z"],
  after: ["2026-03-01T12:00:00Z"],
  inCidr: ["10.0.0.0/8", "2001:db8::/32"],
  exists: [],
};
const negated = ["in", "contains", "matches", "inCidr", "exists"].map(
  (op) => `not${op[0]?.toUpperCase()}${op.slice(1)}`,
);
export const OPERATORS = [...Object.keys(VALUES), ...negated, "inHashed", "notInHashed"];

/** A flag for each operator, asking attribute `a`; and splits, targets and a segment, which read the units. */
function flags(): Record<string, Partial<TestFlag>> {
  const asking = OPERATORS.map((op) => {
    const positive = op.replace(/^not(.)/, (_, letter: string) => letter.toLowerCase());
    const values = VALUES[positive] ?? ["0123456789abcdef"];
    const condition = { attribute: "a", op, ...(values.length > 0 && { values }) };
    return [`op-${op}`, { visibility: "client", rules: [{ id: "r", when: [condition], serve: "on" }] }];
  });
  const split = { by: "a", seed: 7, ends: [2 ** 31, 2 ** 32], variants: ["on", "off"] };
  const filled = Array.from({ length: 80 - asking.length }, (_, i) => [
    `filled-${i}`,
    {
      visibility: "client",
      rules: [{ id: "r", when: [{ op: "inSegment", segments: ["crew"] }], serve: "on" }],
      serve: split,
    },
  ]);
  return Object.fromEntries([...asking, ...filled]) as Record<string, Partial<TestFlag>>;
}

async function fill(client: pg.Client): Promise<void> {
  const hash = (key: string) => createHash("sha256").update(key).digest("hex");
  await client.query(`insert into organisation (id, key, name) values ('org', 'demo', 'Demo')`);
  for (const project of ["hostile", "neighbour"]) {
    await client.query(`insert into project (id, "organisationId", key, name) values ($1, 'org', $1, $1)`, [project]);
    await client.query(
      `insert into environment (id, "projectId", key, name, position, "rulesetVersion") values ($1, $1, 'production', 'P', 0, 1)`,
      [project],
    );
    const segments = {
      crew: { included: ["ada"], rules: [[{ attribute: "a", op: "endsWith" as const, values: ["x"] }]] },
    };
    const of = { environment: `${project}/production`, segments };
    for (const audience of ["server", "client"] as const) {
      const document = rulesetOf(1, project === "hostile" ? flags() : { lantern: { serve: "on" } }, {
        ...of,
        audience,
      });
      await client.query(
        `insert into ruleset ("environmentId", audience, version, digest, document) values ($1, $2::audience, 1, $3, $4)`,
        [project, audience, document.digest, JSON.stringify(document)],
      );
    }
  }
  for (const [name, key] of Object.entries(KEYS)) {
    await client.query(
      `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins) values ($1, $2, $1, $3::audience, $4, 'tt', '{}')`,
      [name, name === "neighbour" ? "neighbour" : "hostile", name === "client" ? "client" : "server", hash(key)],
    );
  }
}

/** A real edge over embedded databases. */
export interface EdgeWorld extends AsyncDisposable {
  port: number;
  url: string;
  child: ChildProcess;
  call(path: string, init?: RequestInit & { key?: string }): Promise<Response>;
}

export async function openEdgeWorld(): Promise<EdgeWorld> {
  const databases = await startTestDatabases();
  const database = await createDatabase(databases.postgresUrl);
  const events = await createEventStore(databases.clickhouseUrl);
  const client = new pg.Client(database.url);
  await client.connect();
  await fill(client);
  await client.end();
  const port = await freePort();
  const child = await startEdge({
    DATABASE_URL: database.url,
    CLICKHOUSE_URL: events.url,
    PORT: String(port),
    DRAIN_MS: "0",
    TELLTALE_RELAY_TOKENS: RELAY_TOKEN,
    // How late the loop is on a busy machine is none of this run's matter; how long an answer takes is.
    MAX_LOOP_LAG_MS: "600000",
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    child,
    call(path, { key = KEYS.client, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (!headers.has("authorization")) headers.set("authorization", `Bearer ${key}`);
      return fetch(url + path, { ...init, headers });
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stopEdge(child);
      await events.store.close();
      await databases[Symbol.asyncDispose]();
    },
  };
}

export const post = (body: string | Uint8Array<ArrayBuffer>, signal: AbortSignal, more: RequestInit = {}) => ({
  method: "POST",
  body,
  signal,
  ...more,
});
