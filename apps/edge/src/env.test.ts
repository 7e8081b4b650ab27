import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";
import { closeServer, listen } from "./listen.ts";

const good = { DATABASE_URL: "postgresql://u:p@127.0.0.1:5432/t", CLICKHOUSE_URL: "http://u:p@127.0.0.1:8123/t" };

describe("readEnv", () => {
  it("fills in the defaults", () => {
    expect(readEnv({ ...good, PORT: "" })).toMatchObject({ PORT: 4401, HOST: "127.0.0.1", MAX_STREAMS: 10_000 });
  });

  it("names everything that is wrong in one sentence", () => {
    const answer = readEnv({ CLICKHOUSE_URL: "ftp://x", PORT: "http" });
    expect(answer).toHaveProperty("sentence");
    if (!("sentence" in answer)) return;
    expect(answer.sentence).toContain("DATABASE_URL is not set");
    expect(answer.sentence).toContain("CLICKHOUSE_URL: must be an http:// URL");
    expect(answer.sentence).toContain("PORT");
    expect(answer.sentence).not.toContain("\n");
  });
});

describe("where an edge reads from", () => {
  const token = "t".repeat(32);
  const relay = { TELLTALE_UPSTREAM: "http://10.0.0.1:4401", TELLTALE_UPSTREAM_TOKEN: token };

  it("is a database, or another edge, which then needs no store", () => {
    expect(readEnv(good)).toMatchObject({ origin: { databaseUrl: good.DATABASE_URL }, TELLTALE_RELAY_TOKENS: [] });
    expect(readEnv(relay)).toMatchObject({ origin: { upstream: relay.TELLTALE_UPSTREAM, token } });
    const tokens = `${token},${"u".repeat(32)}`;
    expect(readEnv({ ...good, TELLTALE_RELAY_TOKENS: tokens })).toMatchObject({
      TELLTALE_RELAY_TOKENS: tokens.split(","),
    });
  });

  it.each<[string, Record<string, string>]>([
    ["both set", { ...good, ...relay }],
    ["TELLTALE_UPSTREAM neither", { CLICKHOUSE_URL: good.CLICKHOUSE_URL }],
    ["TELLTALE_UPSTREAM_TOKEN is not set", { TELLTALE_UPSTREAM: relay.TELLTALE_UPSTREAM }],
    ["TELLTALE_RELAY_TOKENS: must have 32 to 200 characters", { ...good, TELLTALE_RELAY_TOKENS: `${token},` }],
    ["CLICKHOUSE_URL is not set", { DATABASE_URL: good.DATABASE_URL }],
  ])("is refused with: %s", (sentence, settings) => {
    expect(readEnv(settings)).toEqual({ sentence: expect.stringContaining(sentence) });
  });
});

describe("listen", () => {
  it("says when the port is taken", async () => {
    const first = createServer();
    await listen(first, 0, "127.0.0.1");
    const address = first.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const answer = await listen(createServer(), port, "127.0.0.1");
    expect(answer?.sentence).toBe(
      `The edge cannot start: port ${port} on 127.0.0.1 is taken. Stop what listens there, or set PORT to a free port.`,
    );
    await closeServer(first, 1_000);
  });
});
