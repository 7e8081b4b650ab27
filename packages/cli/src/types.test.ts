import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Flag } from "@telltale/evaluator";
import { rulesetOf } from "@telltale/testing/ruleset";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runTelltale } from "./command.ts";
import { declarationsOf } from "./declarations.ts";

const here = dirname(fileURLToPath(import.meta.url));
const flag = (variants: Flag["variants"], more: Pick<Partial<Flag>, "type" | "archived"> = {}) => {
  const [first = ""] = Object.keys(variants);
  return { variants, off: first, serve: first, ...more };
};
const ruleset = rulesetOf(
  3,
  {
    "new-checkout": flag({ on: true, off: false }),
    colour: flag({ red: "red", navy: "navy", again: "red" }),
    limit: flag({ low: 3, high: 9 }),
    layout: flag({ wide: { columns: 3, names: ["a", null] }, none: {} }, { type: "json" }),
    'größe */ "x"': flag({ a: '*/ `x` \n "' }),
    old: flag({ on: true }, { archived: true }),
  },
  { environment: "shop/production", audience: "server" },
);

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "telltale-types-"));
  await writeFile(at("ruleset.json"), JSON.stringify(ruleset));
  // The SDK and TypeScript as the command's own package has them.
  await symlink(join(here, "../node_modules"), at("node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("declarations", () => {
  it("are sorted unions of literals, with archived flags deprecated", () => {
    expect(
      declarationsOf(ruleset),
    ).toBe(`// Written by \`telltale types\`: do not change it by hand, run the command again.
import "@telltale/sdk";

declare module "@telltale/sdk" {
  interface Flags {
    "colour": "navy" | "red";
    "größe */ \\"x\\"": "*/ \`x\` \\n \\"";
    "layout": Record<string, never> | { readonly "columns": 3; readonly "names": readonly ["a", null] };
    "limit": 3 | 9;
    "new-checkout": boolean;
    /** @deprecated This flag is archived: it answers the default. */
    "old": boolean;
  }
}
`);
  });

  it("make an unknown flag and a wrong default compile errors, and nothing else", async () => {
    const lines = [
      'export const a: boolean = me.value("new-checkout", false);',
      'export const b: "navy" | "red" = me.evaluate("colour", "navy").value;',
      'export const c: 3 | 9 = me.value("limit", 3);',
      'export const d: number = me.peek("layout", { columns: 3, names: ["a", null] } as const).version;',
      'me.value("new-chekout", false);',
      'me.value("colour", "green");',
      'me.value("limit", 4);',
      'me.value("new-checkout", "no");',
      'export const e: "navy" = me.value("colour", "navy");',
    ];
    await writeFile(at("telltale.d.ts"), declarationsOf(ruleset));
    await writeFile(
      at("use.ts"),
      `import type { Unit } from "@telltale/sdk";\ndeclare const me: Unit;\n${lines.join("\n")}\n`,
    );
    await writeFile(
      at("tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: "preserve",
          moduleResolution: "bundler",
          allowImportingTsExtensions: true,
          target: "es2022",
          lib: ["es2023", "dom"],
          types: [],
          skipLibCheck: true,
        },
        files: ["telltale.d.ts", "use.ts"],
      }),
    );
    const errors = compile();
    // The SDK is read from its sources here, whose own body does not know these flags.
    const wrong = errors
      .filter((line) => line.startsWith("use.ts"))
      .map((line) => Number(/\((\d+),/.exec(line)?.[1]) - 3);
    expect([...new Set(wrong)]).toEqual([4, 5, 6, 7, 8]);
  });

  function compile(): string[] {
    try {
      execFileSync(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", folder], {
        cwd: folder,
        encoding: "utf8",
      });
      return [];
    } catch (cause) {
      return String((cause as { stdout: string }).stdout).split("\n");
    }
  }
});

describe("telltale types", () => {
  const types = (...args: string[]) => runTelltale(["types", ...args], {});

  it("writes the file once, and --check tells whether it is fresh", async () => {
    const [out, file] = [at("out.d.ts"), ["--ruleset", at("ruleset.json"), "--out", at("out.d.ts")]];
    expect(await types(...file, "--check")).toEqual({ code: 1, message: expect.stringContaining("is not there") });
    expect(await types(...file)).toEqual({ code: 0, message: `Wrote ${out}: 6 flags of shop/production.` });
    expect(await readFile(out, "utf8")).toBe(declarationsOf(ruleset));
    expect(await types(...file, "--check")).toMatchObject({ code: 0 });
    const { old: _, ...rest } = ruleset.flags;
    await writeFile(at("less.json"), JSON.stringify({ ...ruleset, flags: rest }));
    expect(await types("--ruleset", at("less.json"), "--out", out, "--check")).toEqual({
      code: 1,
      message: expect.stringContaining('is stale: "old". Run "telltale types"'),
    });
  });

  it("reads from an edge with a server key, and passes on what the edge says", async () => {
    const server = createServer((request, response) => {
      const isKnown = request.headers.authorization === "Bearer right" && request.url === "/v1/ruleset?schema=2";
      response.writeHead(isKnown ? 200 : 401);
      response.end(JSON.stringify(isKnown ? ruleset : { detail: "This SDK key is unknown." }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const out = at("edge.d.ts");
    expect(await runTelltale(["types", "--out", out], { url, key: "right" })).toMatchObject({ code: 0 });
    expect(await types("--out", out, "--url", url, "--key", "wrong")).toEqual({
      code: 2,
      message: expect.stringMatching(/answered 401: This SDK key is unknown/),
    });
    server.close();
    server.closeAllConnections();
    expect(await types("--out", out, "--url", "http://127.0.0.1:9", "--key", "k")).toEqual({
      code: 2,
      message: expect.stringMatching(/was not reached .* Check --url/),
    });
  });

  it.each(["<html>Bad gateway</html>", "null", "{}"])("passes on what something between says: %s", async (body) => {
    const server = createServer((_request, response) => void response.writeHead(502).end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { message } = await types("--out", at("edge.d.ts"), "--url", url, "--key", "k");
    expect(message).toBe(`${url}/v1/ruleset answered 502: ${body}`);
    server.closeAllConnections();
    server.close();
  });

  it.each<[string, string[], RegExp]>([
    ["no command", [], /There is no command ""/],
    ["another command", ["typos"], /There is no command "typos"/],
    ["nowhere to read from", ["types"], /Say where the flags are/],
    ["an unknown option", ["types", "--loud"], /--loud/],
    ["a file that is not there", ["types", "--ruleset", "/nowhere.json"], /cannot be read/],
  ])("refuses %s and says how it is called", async (_name, args, words) => {
    expect(await runTelltale(args, {})).toEqual({ code: 2, message: expect.stringMatching(words) });
  });

  it.each([
    ["no JSON", "<html>", /is no JSON/],
    ["no ruleset", "[]", /is no ruleset/],
  ])("refuses %s", async (_name, text, words) => {
    await writeFile(at("bad.json"), text);
    expect(await types("--ruleset", at("bad.json"))).toEqual({ code: 2, message: expect.stringMatching(words) });
  });
});
