import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { answerLine } from "./answer.ts";
import { cases } from "./cases.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
/** The cases that the README shows are the cases that are tested. */
const examples = [...readme.matchAll(/^\{"case".*$/gm)].map(([line]) => line);

describe("the door", () => {
  it("answers every example of the README", () => {
    const names = examples.map((line) => (JSON.parse(line) as { case: string }).case);
    expect(new Set(names)).toEqual(new Set(Object.keys(cases)));
    for (const line of examples) expect(answerLine(line), line).toHaveProperty("result");
  });

  it("gives the id back, and an error for what is no case", () => {
    const line = JSON.stringify({ id: 7, case: "moments", values: [1, 2, 3] });
    expect(answerLine(line)).toEqual({ id: 7, result: { n: 3, mean: 2, m2: 2 } });
    expect(answerLine("{")).toEqual({ id: null, error: expect.any(String) });
    expect(answerLine("[]")).toEqual({ id: null, error: "A case is a JSON object." });
    expect(answerLine('{"id":1,"case":"toString"}')).toEqual({ id: 1, error: expect.stringContaining("analyse") });
    expect(answerLine('{"id":2,"case":"split","counts":[1],"weights":[1,1]}')).toEqual({
      id: 2,
      error: expect.any(String),
    });
    expect(answerLine('{"id":3,"case":"split"}')).toEqual({ id: 3, error: expect.any(String) });
  });

  it("reads lines and writes lines as a program", { timeout: 60_000 }, () => {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const input = `${examples[0]}\n\n{"id":"b","case":"nonsense"}\n`;
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", main], { input, encoding: "utf8" });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: unknown; error?: string });
    expect(status).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ id: "b", error: expect.any(String) });
  });
});
