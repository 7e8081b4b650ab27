import { createHash } from "node:crypto";
import { COLUMNS, type EncodedEvents, EVENT_KINDS, type EventKind } from "@telltale/events";
import { type CurrentRuleset, catalogueName, etagOf, type KeyInfo } from "@telltale/ruleset/read";
import { createEdge } from "./app.ts";
import type { EdgeOptions } from "./components.ts";
import { DEFAULT_LIMITS, type EdgeLimits } from "./limits.ts";

/** For tests: an edge over a reader and a store that live in memory. */
export const SERVER_KEY = "tts_server";
export const CLIENT_KEY = "ttc_client";
export const NOW = Date.parse("2026-11-23T12:00:00.000Z");

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export function ruleset(version: number, extra: object = {}): CurrentRuleset {
  const document = JSON.stringify({ schema: 2, environment: "harbour/production", version, flags: {}, ...extra });
  const tag = { version, digest: `d${version}` };
  const of = { environmentId: "env-1", environment: "harbour/production", audience: "server" as const };
  return { ...of, ...tag, document, etag: etagOf(tag), publishedAt: NOW - 2_000 };
}

/** What a store reads in encoded events: a record of texts for each line. */
function linesOf({ lines, isByKeys = false }: EncodedEvents): Record<string, string>[] {
  const columnsOf = (kind: EventKind) =>
    isByKeys ? ["project", "environment", ...COLUMNS[kind].slice(1)] : COLUMNS[kind];
  return EVENT_KINDS.flatMap((kind) =>
    Buffer.from(lines[kind])
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => Object.fromEntries(line.split("\t").map((text, i) => [columnsOf(kind)[i] ?? "", text]))),
  );
}

interface State {
  healthy: boolean;
  storeUp: boolean;
  hang: boolean;
  pings: number;
  attempted: string[];
  release: () => void;
}

/** A store that does what the state says, and keeps what it takes. */
function fakeStore(state: State, stored: Record<string, string>[], inserts: number[]): EdgeOptions["store"] {
  return {
    async insert(groups) {
      state.attempted.push(...groups.flatMap(linesOf).map(({ id }) => id ?? ""));
      if (state.hang) {
        await new Promise<void>((resolve) => {
          state.release = resolve;
        });
      }
      if (!state.storeUp) throw new Error("the store is away");
      stored.push(...groups.flatMap(linesOf));
      inserts.push(groups.reduce((sum, group) => sum + group.events, 0));
    },
    async ping() {
      state.pings++;
      return state.storeUp;
    },
  };
}

export function createWorld(changes: Partial<EdgeLimits> = {}, options: Partial<EdgeOptions> = {}) {
  const key = (audience: KeyInfo["audience"], origins: string[] = []): KeyInfo => ({
    id: audience,
    environmentId: "env-1",
    environmentKey: "production",
    projectId: "project-1",
    projectKey: "harbour",
    audience,
    origins,
  });
  const keys = new Map([
    [sha256(SERVER_KEY), key("server")],
    [sha256(CLIENT_KEY), key("client", ["https://shop.example"])],
  ]);
  const rulesets = new Map<string, CurrentRuleset>([["env-1/server", ruleset(7)]]);
  const stored: Record<string, string>[] = [];
  const inserts: number[] = [];
  const logged: string[] = [];
  /** The line of each answer, which is logged for debugging only. */
  const answered: string[] = [];
  const state: State = { healthy: true, storeUp: true, hang: false, pings: 0, attempted: [], release: () => {} };
  const edge = createEdge({
    rulesets: {
      keyByHash: (hash) => keys.get(hash),
      current: (environmentId, audience) => rulesets.get(`${environmentId}/${audience}`),
      activate: () => undefined,
      // As the reader does, never the same list with other keys in it.
      catalogue: () => ({ keys: new Map(keys), rulesets }),
      healthy: () => state.healthy,
      asOf: () => NOW - 1_000,
    },
    store: fakeStore(state, stored, inserts),
    limits: { ...DEFAULT_LIMITS, ...changes },
    version: "test",
    log: {
      debug: (fields, message) => answered.push(`${message} ${JSON.stringify(fields)}`),
      info: (_, message) => logged.push(message),
      warn: (_, message) => logged.push(message),
      error: (_, message) => logged.push(message),
    },
    now: () => NOW,
    random: () => 0.5,
    ...options,
  });
  const call = (path: string, init: RequestInit & { key?: string } = {}) => {
    const headers = new Headers(init.headers);
    if (init.key !== undefined) headers.set("authorization", `Bearer ${init.key}`);
    return Promise.resolve(edge.fetch(new Request(`http://edge.test${path}`, { ...init, headers })));
  };
  const post = (body: object | string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    call("/v1/events", {
      method: "POST",
      key: SERVER_KEY,
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const revoke = (secret: string) => {
    keys.delete(sha256(secret));
    edge.keysChanged();
  };
  /** Publishes the next version for server keys, as the reader does. */
  const publish = (next: CurrentRuleset) => {
    rulesets.set(catalogueName(next), next);
    edge.rulesetChanged(next);
  };
  return { edge, publish, call, post, keys, rulesets, stored, inserts, logged, answered, state, revoke };
}

let count = 0;
/** A valid exposure with an id of its own. */
export function exposure(changes: object = {}) {
  count++;
  return {
    type: "exposure",
    id: `event-${count}`,
    time: "2026-11-23T11:59:00.000Z",
    experiment: "checkout-button",
    flag: "checkout-button",
    variant: "promise",
    unit: "u-42",
    by: "targetingKey",
    version: 7,
    ...changes,
  };
}

/** A valid track event with an id of its own. */
export function track(changes: object = {}) {
  count++;
  return {
    type: "track",
    id: `event-${count}`,
    time: "2026-11-23T11:59:30.000Z",
    name: "purchase",
    units: { targetingKey: "u-42" },
    ...changes,
  };
}
