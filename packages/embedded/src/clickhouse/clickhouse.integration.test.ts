import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ClickHouseClient, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedClickHouse, startClickHouse } from "./start.ts";

const AWKWARD = [
  "tab\there",
  "line\nbreak\r",
  "it's",
  'say "hi"',
  "back\\slash",
  "\\N",
  "日本 ü 🙂",
  "",
  "{x:String}",
  ";--",
];

let dataDirectory: string;
let clickhouse: EmbeddedClickHouse;
let client: ClickHouseClient;

const connect = (url: string, options = {}) => createClient({ url, log: { level: 127 }, ...options });

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  clickhouse = await startClickHouse({ dataDirectory });
  const bare = connect(clickhouse.url.replace(/\/telltale$/, ""));
  await bare.command({ query: "CREATE DATABASE IF NOT EXISTS telltale" });
  await bare.close();
  client = connect(clickhouse.url);
  await client.command({
    query: "CREATE TABLE things (id String, n UInt32, tags Array(String)) ENGINE = MergeTree ORDER BY id",
  });
});

afterAll(async () => {
  await client?.close();
  await clickhouse?.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const rows = async <T>(query: string, query_params: Record<string, unknown> = {}, from = client): Promise<T[]> =>
  (await from.query({ query, query_params, format: "JSONEachRow" })).json<T>();

describe("an unmodified @clickhouse/client", () => {
  test("pings, with and without a query", async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  test.each(AWKWARD)("binds %j as a string", async (value) => {
    expect(await rows("SELECT {x:String} AS x", { x: value })).toEqual([{ x: value }]);
  });

  test("binds arrays, numbers, dates, maps, null and identifiers", async () => {
    const at = new Date("2026-11-23T10:00:00.123Z");
    const [row] = await rows(
      "SELECT {a:Array(String)} AS a, {n:Array(Float64)} AS n, {d:DateTime64(3)} = toDateTime64('2026-11-23 10:00:00.123', 3, 'UTC') AS d, {m:Map(String, String)} AS m, {z:Nullable(String)} AS z, {b:Bool} AS b",
      { a: AWKWARD, n: [1.5, -2], d: at, m: { "k'": "v\\" }, z: null, b: true },
    );
    expect(row).toEqual({ a: AWKWARD, n: [1.5, -2], d: 1, m: { "k'": "v\\" }, z: null, b: true });
    expect(await rows("SELECT count() AS n FROM {t:Identifier} WHERE id = 'none'", { t: "things" })).toEqual([
      { n: 0 },
    ]);
  });

  test("keeps parameters and settings of simultaneous requests apart", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const result = await client.query({
          query: "SELECT {x:String} AS x, getSetting('max_block_size') AS s, sum(number) AS n FROM numbers(10000)",
          query_params: { x: `v${i}` },
          clickhouse_settings: { max_block_size: String(1000 + i) },
          format: "JSONEachRow",
        });
        return result.json<{ x: string; s: number }>();
      }),
    );
    expect(answers.flat().map(({ x, s }) => [x, Number(s)])).toEqual(answers.map((_, i) => [`v${i}`, 1000 + i]));
    await expect(rows("SELECT {x:String}")).rejects.toMatchObject({ code: "456" });
  });

  test("sends parameters that are too long for a URL", async () => {
    const result = await client.query({
      query: "SELECT lengthUTF8({x:String}) AS n",
      query_params: { x: "ü'\\".repeat(100_000) },
      use_multipart_params: true,
      format: "JSONEachRow",
    });
    const [row] = await result.json<{ n: number }>();
    expect(Number(row?.n)).toBe(300_000);
  });

  test("inserts rows of awkward text, and reports how many", async () => {
    const values = AWKWARD.map((id, n) => ({ id, n, tags: AWKWARD }));
    const { summary } = await client.insert({ table: "things", values, format: "JSONEachRow" });
    expect(summary?.written_rows).toBe(String(AWKWARD.length));
    const stored = await rows<{ id: string; tags: string[] }>("SELECT id, tags FROM things ORDER BY n");
    expect(stored.map((row) => row.id)).toEqual(AWKWARD);
    expect(stored[0]?.tags).toEqual(AWKWARD);
  });

  test("inserts with chosen columns, other text formats, settings, from a stream of nothing, by select", async () => {
    await client.command({
      query: "CREATE TABLE others (id String, n UInt32 DEFAULT 7) ENGINE = MergeTree ORDER BY id",
    });
    await client.insert({ table: "telltale.others", values: [{ id: "a" }], columns: ["id"], format: "JSONEachRow" });
    await client.insert({ table: "others", values: [["b", 2]], format: "JSONCompactEachRow" });
    await client.insert({ table: "`others`", values: [], format: "JSONEachRow" });
    await client.insert({
      table: "others",
      values: [{ id: "c", extra: 1 }],
      format: "JSONEachRow",
      clickhouse_settings: { input_format_skip_unknown_fields: 1, async_insert: 0 },
    });
    await client
      .insert({ table: "others", values: [{ id: "d", n: 1 }], columns: { except: ["n"] }, format: "JSONEachRow" })
      .catch(() => {});
    await client.command({ query: "INSERT INTO others SELECT {id:String}, 5", query_params: { id: "e'" } });
    expect(await rows("SELECT * FROM others WHERE id != 'd' ORDER BY id")).toEqual([
      { id: "a", n: 7 },
      { id: "b", n: 2 },
      { id: "c", n: 7 },
      { id: "e'", n: 5 },
    ]);
  });

  test("compresses both ways", async () => {
    const zipped = connect(clickhouse.url, { compression: { request: true, response: true } });
    await zipped.command({ query: "CREATE TABLE zipped (id String) ENGINE = MergeTree ORDER BY id" });
    await zipped.insert({ table: "zipped", values: AWKWARD.map((id) => ({ id })), format: "JSONEachRow" });
    const stored = await rows<{ id: string }>("SELECT id FROM zipped", {}, zipped);
    expect(stored.map((row) => row.id).sort()).toEqual([...AWKWARD].sort());
    await zipped.close();
  });

  test.each([
    ["SELEC 1", "62", "SYNTAX_ERROR"],
    ["SELECT * FROM nowhere", "60", "UNKNOWN_TABLE"],
    ["SELECT missing FROM things", "47", "UNKNOWN_IDENTIFIER"],
    ["SELECT throwIf(1)", "395", "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"],
  ])("rejects %s with code and type", async (query, code, type) => {
    await expect(rows(query)).rejects.toMatchObject({ code, type });
  });

  test("rejects bad rows, unknown settings and unknown databases, typed", async () => {
    const bad = client.insert({ table: "things", values: [{ id: "x", n: "many" }], format: "JSONEachRow" });
    await expect(bad).rejects.toMatchObject({ code: expect.stringMatching(/^\d+$/), type: expect.any(String) });
    const setting = client.query({
      query: "SELECT 1",
      clickhouse_settings: { no_such_setting: 1 } as ClickHouseSettings,
    });
    await expect(setting).rejects.toMatchObject({ type: "UNKNOWN_SETTING" });
    const elsewhere = connect(clickhouse.url.replace(/telltale$/, "nowhere"));
    await expect(rows("SELECT 1", {}, elsewhere)).rejects.toMatchObject({ type: "UNKNOWN_DATABASE" });
    await elsewhere.close();
  });

  test("is refused with a wrong password", async () => {
    const stranger = connect(clickhouse.url.replace(/:\w+@/, ":wrong@"));
    await expect(rows("SELECT 1", {}, stranger)).rejects.toMatchObject({ type: "AUTHENTICATION_FAILED" });
    await stranger.close();
  });
});

describe("the plain HTTP interface", () => {
  const send = (path: string, init: RequestInit = {}) => {
    const url = new URL(clickhouse.url);
    const headers = { "X-ClickHouse-User": url.username, "X-ClickHouse-Key": url.password, ...init.headers };
    return fetch(`${url.origin}${path}`, { ...init, headers });
  };

  test("answers /ping to anybody, and nothing else", async () => {
    const { origin } = new URL(clickhouse.url);
    expect(await (await fetch(`${origin}/ping`)).text()).toBe("Ok.\n");
    const refused = await fetch(`${origin}/?query=SELECT+1`);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-clickhouse-exception-code")).toBe("516");
  });

  test("takes the query from URL or body, and answers with its id and format", async () => {
    const id = randomUUID();
    const answer = await send(`/?query_id=${id}&default_format=JSONCompactEachRow`, {
      method: "POST",
      body: "SELECT 1, 'a'",
    });
    expect(answer.headers.get("x-clickhouse-query-id")).toBe(id);
    expect(await answer.text()).toBe('[1, "a"]\n');
    expect(await (await send("/?query=SELECT+1")).text()).toBe("1\n");
  });

  test("keeps a GET from writing", async () => {
    const answer = await send(`/?query=${encodeURIComponent("CREATE TABLE telltale.sly (a UInt8) ENGINE = Memory")}`);
    expect(answer.status).toBe(500);
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("164");
  });

  test("gives status 404 for an unknown table and 400 for bad syntax", async () => {
    expect((await send("/", { method: "POST", body: "SELECT * FROM nowhere" })).status).toBe(404);
    expect((await send("/", { method: "POST", body: "SELEC" })).status).toBe(400);
    expect((await send("/", { method: "POST", body: "" })).status).toBe(400);
  });

  test("refuses a body that unpacks to too much, and one that does not unpack", async () => {
    const headers = { "Content-Encoding": "gzip" };
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(80 << 20, "a")));
    expect((await send("/?query=INSERT+INTO+things+FORMAT+CSV", { method: "POST", headers, body: bomb })).status).toBe(
      413,
    );
    expect((await send("/", { method: "POST", headers, body: "plain" })).status).toBe(400);
  });
});
