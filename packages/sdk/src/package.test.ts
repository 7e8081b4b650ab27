import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The package as a stranger gets it: built, packed, installed in a project of theirs. */
const room = fileURLToPath(new URL("..", import.meta.url));
const dist = join(room, "dist");
const sh = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
/** A program of a dependency. */
const bin = (path: string) => join(room, "node_modules", path);

let project: string;
let tarball: string;

beforeAll(async () => {
  sh(process.execPath, [bin("tsdown/dist/run.mjs"), "--config-loader", "native", "--logLevel", "error"], room);
  project = await mkdtemp(join(tmpdir(), "telltale-stranger-"));
  const [packed] = JSON.parse(sh("npm", ["pack", dist, "--json", "--pack-destination", project], project));
  tarball = join(project, packed.filename);
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));
  sh("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], project);
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

describe("the packed package", () => {
  it("is well-formed for publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: dist, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that resolve as its code does, for every kind of import it has (attw)", async () => {
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(tarball))));
    const problems = "problems" in analysis ? analysis.problems : ["no types"];
    // ES modules only: `require` of them is not offered, nor the resolution of before Node 16.
    const wanted = problems.filter((problem) => {
      if (typeof problem === "string") return true;
      if (problem.kind === "CJSResolvesToESM") return false;
      return (
        !("resolutionKind" in problem && problem.resolutionKind === "node10") &&
        !("entrypoint" in problem && problem.entrypoint === "./telltale.min.js")
      );
    });
    expect(wanted).toEqual([]);
  });

  it("installs nothing but itself and runs", async () => {
    const lock = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8"));
    expect(Object.keys(lock.packages)).toEqual(["", "node_modules/@telltale/sdk"]);
    const script = `
      import { createTestClient } from "@telltale/sdk/testing";
      import { fileStorage } from "@telltale/sdk/node";
      const client = createTestClient({ flags: { f: true } });
      console.log(client.for({ targetingKey: "u" }).value("f", false), typeof fileStorage);
      await client.close();
    `;
    await writeFile(join(project, "run.js"), script);
    expect(sh(process.execPath, ["run.js"], project)).toBe("true function\n");
  });

  it("has one file for pages without a bundler, that imports nothing", async () => {
    const code = await readFile(join(dist, "telltale.min.js"), "utf8");
    expect(code).not.toMatch(/\bfrom\s*["']|\bimport\s*[("']|\brequire\(|node:|\beval\(|new Function/);
    const { createClient } = await import(join(dist, "telltale.min.js"));
    expect(createClient).toBeTypeOf("function");
  });

  it.each(["node16", "bundler"])(
    "type-checks in their project, README and generated flags included (%s)",
    async (resolution) => {
      const folder = join(project, resolution);
      await mkdir(folder);
      const snippets = [...(await readFile(join(room, "README.md"), "utf8")).matchAll(/```ts\n([\s\S]*?)```/g)];
      expect(snippets.length).toBeGreaterThan(3);
      const files = snippets.map(([, code = ""], i) => [`readme-${i}.ts`, `${code}export {};\n`] as const);
      const typed = `
      import type { Unit } from "@telltale/sdk";
      declare module "@telltale/sdk" { interface Flags { "new-checkout": boolean; "colour": "navy" | "red" } }
      declare const me: Unit;
      export const colour: "navy" | "red" = me.value("colour", "navy");
      // @ts-expect-error there is no such flag
      me.value("color", "navy");
      // @ts-expect-error no value of this flag
      me.value("colour", "green");
    `;
      for (const [name, text] of [...files, ["typed.ts", typed] as const]) await writeFile(join(folder, name), text);
      await mkdir(join(folder, "node_modules"), { recursive: true });
      await symlink(bin("@types"), join(folder, "node_modules/@types"));
      const compile = (names: string[]) => {
        const module = resolution === "bundler" ? "preserve" : "node16";
        const options = [
          "--strict",
          "--noEmit",
          "--target",
          "es2022",
          "--lib",
          "es2023,dom",
          "--types",
          "node",
          "--module",
          module,
          "--moduleResolution",
          resolution,
        ];
        return sh(process.execPath, [bin("typescript/bin/tsc"), ...options, ...names], folder);
      };
      expect(compile(files.map(([name]) => name))).toBe("");
      expect(compile(["typed.ts"])).toBe("");
    },
  );
}, 120_000);
