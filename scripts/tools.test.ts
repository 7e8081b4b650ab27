import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commands } from "./bootstrap/run.mjs";
import { pathOf, tools } from "./tools.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> };

/** In a fresh clone there is no program of a dependency: what a person runs first gets the dependencies itself. */
describe("every command of the repository gets its dependencies first", () => {
  it.each(Object.entries(scripts))("npm run %s", (name, script) => {
    expect(script).toBe(`node scripts/telltale.mjs ${name}`);
    expect(existsSync(root + (commands as Record<string, string>)[name])).toBe(true);
  });

  it.each(Object.entries(tools))("the program of %s is a dependency", (_name, tool) => {
    expect(existsSync(pathOf(tool))).toBe(true);
  });
});
