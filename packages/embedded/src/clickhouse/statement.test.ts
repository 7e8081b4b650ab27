import { describe, expect, test } from "vitest";
import { isRead, literal, parseInsert, prelude, readStatement } from "./statement.ts";

const read = (url: string, body = "") => readStatement(new URLSearchParams(url), Buffer.from(body), undefined);

describe("readStatement", () => {
  test("parts parameters and settings from what only concerns the transport", () => {
    const url =
      "query_id=1&database=d&param_x=a%5Ctb&max_threads=2&enable_http_compression=1&default_format=JSON&user=u";
    expect(read(url, "SELECT {x:String}")).toEqual({
      sql: "SELECT {x:String}",
      database: "d",
      format: "JSON",
      settings: [["max_threads", "2"]],
      parameters: [["x", "a\\tb"]],
    });
  });

  test("joins a query that begins in the URL, and keeps an insert's data as bytes", () => {
    expect(read("query=SELECT", "1").sql).toBe("SELECT\n1");
    const insert = read("query=INSERT+INTO+t+FORMAT+JSONEachRow", '{"a":1}');
    expect(insert.sql).toBe("INSERT INTO t FORMAT JSONEachRow");
    expect(insert.data?.toString()).toBe('{"a":1}');
    expect(read("query=INSERT+INTO+t+SELECT", "1").data).toBeUndefined();
  });
});

describe("prelude", () => {
  test("quotes values and names", () => {
    const statement = {
      ...read("database=d%60%5C&max_threads=2", ""),
      parameters: [["x", "it's \\t"]] as [string, string][],
    };
    expect(prelude(statement)).toBe("SET max_threads = '2'; SET param_x = 'it\\'s \\\\t'; USE `d\\`\\\\`");
    expect(prelude(read("", "SELECT 1"))).toBe("");
  });

  test("refuses a setting whose name is no name", () => {
    expect(() => prelude(read("a%3D1%3B+DROP=1"))).toThrow("UNKNOWN_SETTING");
    expect(literal("a'; DROP TABLE t; --\\")).toBe("'a\\'; DROP TABLE t; --\\\\'");
  });
});

describe("isRead", () => {
  test.each([
    "SELECT 1",
    " \n-- note\n/* more */ with a AS (SELECT 1) SELECT 1",
    "((SELECT 1))",
    "show tables",
    "EXPLAIN SELECT 1",
  ])("%j reads", (sql) => expect(isRead(sql)).toBe(true));
  test.each(["INSERT INTO t SELECT 1", "CREATE TABLE t", "", "selection"])("%j does not", (sql) => {
    expect(isRead(sql)).toBe(false);
  });
});

describe("parseInsert", () => {
  test.each([
    ["INSERT INTO t FORMAT JSONEachRow", { table: "t", format: "JSONEachRow" }],
    ["insert into db.`t` (`a`, b)\nFORMAT CSV;", { table: "db.t", columns: ["a", "b"], format: "CSV" }],
  ])("%j", (sql, expected) => expect(parseInsert(sql)).toEqual(expected));

  test.each([
    "INSERT INTO t (* EXCEPT (a)) FORMAT JSONEachRow",
    "INSERT INTO `a b` FORMAT CSV",
    "INSERT INTO t SETTINGS x = 1 FORMAT CSV",
    "INSERT INTO t FORMAT Parquet",
    "INSERT INTO t VALUES (1)",
  ])("leaves %j to the engine's own parser", (sql) => expect(parseInsert(sql)).toBeUndefined());
});
