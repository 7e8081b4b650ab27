import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { rulesetOf } from "@telltale/testing/ruleset";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The packages as a stranger gets them: built, packed, installed in a project of theirs. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const roomOf = (name: string) => join(root, "packages", name);
const room = roomOf("sdk");
const dist = join(room, "dist");
const sh = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
/** A program of a dependency. */
const bin = (path: string) => join(room, "node_modules", path);

let project: string;
/** What the lock file names after the SDK alone was installed. */
let installedWithSdk: string[];
const tarballs: Record<string, string> = {};

/** Packs what was built of a room, and installs it; peers are theirs to bring. */
function install(name: string, ...options: string[]): void {
  const args = ["pack", join(roomOf(name), "dist"), "--json", "--pack-destination", project];
  const [packed] = JSON.parse(sh("npm", args, project));
  const tarball = join(project, packed.filename);
  tarballs[name] = tarball;
  sh("npm", ["install", "--offline", "--no-audit", "--no-fund", ...options, tarball], project);
}

/** What the stranger has installed themselves; `npm install` takes it away again. */
async function bring(from: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    const target = join(project, "node_modules", name);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await symlink(await realpath(join(roomOf(from), "node_modules", name)), target);
  }
}

/** Type-checks files of the stranger's project; answers what is wrong. */
function compile(resolution: string, folder: string, names: string[]): string {
  const module = resolution === "bundler" ? "preserve" : "node16";
  const options = `--strict --noEmit --target es2022 --lib es2023,dom --types node --jsx react-jsx --module ${module} --moduleResolution ${resolution}`;
  const args = [bin("typescript/bin/tsc"), ...options.split(" "), ...names];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "telltale-stranger-"));
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));
  const scripts = join(root, "scripts");
  const args = ["--config", "pack/tsdown.config.mjs", "--config-loader", "native", "--logLevel", "error"];
  sh(process.execPath, [join(scripts, "node_modules/tsdown/dist/run.mjs"), ...args], scripts);
  install("sdk");
  installedWithSdk = Object.keys(JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")).packages);
  for (const name of ["react", "openfeature", "cli"]) install(name, "--legacy-peer-deps");
}, 300_000);
afterAll(() => rm(project, { recursive: true, force: true }));

describe.each(["sdk", "react", "openfeature", "cli"])("the package of %s", (name) => {
  it("is well-formed for publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: join(roomOf(name), "dist"), pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that resolve as its code does, for `import` and `require` (attw)", async () => {
    const tarball = new Uint8Array(await readFile(tarballs[name] ?? ""));
    const analysis = await checkPackage(createPackageFromTarballData(tarball));
    const problems = "problems" in analysis ? analysis.problems : ["no types"];
    // The resolution of before Node 16 is not offered, nor `require` of what is run and not required.
    const wanted = problems.filter((problem) => {
      if (typeof problem === "string") return true;
      if (problem.kind === "CJSResolvesToESM" && name === "cli") return false;
      return (
        !("resolutionKind" in problem && problem.resolutionKind === "node10") &&
        !("entrypoint" in problem && problem.entrypoint === "./telltale.min.js")
      );
    });
    expect(wanted).toEqual([]);
  });
});

describe("the SDK in their project", () => {
  it("installs nothing but itself and runs", async () => {
    expect(installedWithSdk).toEqual(["", "node_modules/@telltale/sdk"]);
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
      await bring("sdk", "@types/node");
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
      expect(
        compile(
          resolution,
          folder,
          files.map(([name]) => name),
        ),
      ).toBe("");
      expect(compile(resolution, folder, ["typed.ts"])).toBe("");
    },
  );
}, 120_000);

/** Makes a project inside of theirs that is of CommonJS. */
async function inCommonJs(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(project, "commonjs-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "commonjs", private: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** A ruleset, as JSON, of one text flag that serves this value to everybody. */
function rulesetWith(flag: string, value: string): string {
  return JSON.stringify(rulesetOf(1, { [flag]: { variants: { a: value }, off: "a", serve: "a" } }));
}

describe("the others in their project", () => {
  it("keeps React's code on the client's side of Next.js", async () => {
    const code = await readFile(join(roomOf("react"), "dist/index.js"), "utf8");
    expect(code).toMatch(/^"use client";/);
  });

  it("has a command that writes the types of the flags", async () => {
    await writeFile(join(project, "ruleset.json"), rulesetWith("colour", "navy"));
    sh("npx", ["--no-install", "telltale", "types", "--ruleset", "ruleset.json", "--out", "flags.d.ts"], project);
    expect(await readFile(join(project, "flags.d.ts"), "utf8")).toContain('"colour": "navy"');
  });

  const options = `
    const options = { key: "k", url: "http://edge.test", bootstrap: ${rulesetWith("hello", "world")}, offline: true };
  `;

  it("runs where React brings itself", async () => {
    await bring("react", "react", "react-dom");
    const rendering = `
      import { TelltaleProvider, useFlag } from "@telltale/react";
      import { createElement } from "react";
      import { renderToString } from "react-dom/server";
      ${options}
      const Greeting = () => createElement("b", null, useFlag("hello", "nobody"));
      const props = { options, context: { targetingKey: "u" } };
      console.log(renderToString(createElement(TelltaleProvider, props, createElement(Greeting))));
    `;
    await writeFile(join(project, "page.js"), rendering);
    expect(sh(process.execPath, ["page.js"], project)).toBe("<b>world</b>\n");
  });

  it("runs where OpenFeature brings itself", async () => {
    await bring("openfeature", "@openfeature/core", "@openfeature/server-sdk", "@openfeature/web-sdk");
    const asking = `
      import { OpenFeature } from "@openfeature/server-sdk";
      import { TelltaleServerProvider } from "@telltale/openfeature/server";
      ${options}
      await OpenFeature.setProviderAndWait(new TelltaleServerProvider(options));
      console.log(await OpenFeature.getClient().getStringValue("hello", "nobody", { targetingKey: "u" }));
      await OpenFeature.close();
    `;
    await writeFile(join(project, "ask.js"), asking);
    expect(sh(process.execPath, ["ask.js"], project)).toBe("world\n");
  });

  it.each(["node16", "bundler"])("type-checks there (%s)", async (resolution) => {
    await bring("sdk", "@types/node");
    await bring("react", "react", "@types/react");
    await bring("openfeature", "@openfeature/core", "@openfeature/server-sdk", "@openfeature/web-sdk");
    const typed = `
      import { TelltaleServerProvider } from "@telltale/openfeature/server";
      import { TelltaleWebProvider } from "@telltale/openfeature/web";
      import { TelltaleProvider, useFlag } from "@telltale/react";
      export const providers = [TelltaleServerProvider, TelltaleWebProvider];
      export function Greeting() { const name: string = useFlag("hello", "nobody"); return <b>{name}</b>; }
      const options = { key: "k", url: "http://edge.test" };
      export const page = <TelltaleProvider options={options} context={{ targetingKey: "u" }}><Greeting /></TelltaleProvider>;
      // @ts-expect-error a provider needs a client or its options
      export const wrong = <TelltaleProvider context={{}} />;
    `;
    await writeFile(join(project, "typed.tsx"), typed);
    expect(compile(resolution, project, ["typed.tsx"])).toBe("");
  });
}, 120_000);

describe("in a project of CommonJS", () => {
  const bootstrap = rulesetWith("hello", "world");
  const program = `
    const { createClient } = require("@telltale/sdk");
    const { createTestClient } = require("@telltale/sdk/testing");
    const entries = ["wire", "hooks", "overrides", "node", "watch", "watch/node"].map((entry) => require("@telltale/sdk/" + entry));
    const { TelltaleProvider, useFlag } = require("@telltale/react");
    const { TelltaleWebProvider } = require("@telltale/openfeature/web");
    const { TelltaleServerProvider } = require("@telltale/openfeature/server");
    const { OpenFeature } = require("@openfeature/server-sdk");
    const { createElement } = require("react");
    const { renderToString } = require("react-dom/server");
    const options = { key: "k", url: "http://edge.test", bootstrap: ${JSON.stringify(bootstrap)}, offline: true };
    async function ask() {
      const greeting = createElement(() => useFlag("hello", "nobody"));
      const page = renderToString(createElement(TelltaleProvider, { options, context: {} }, greeting));
      await OpenFeature.setProviderAndWait(new TelltaleServerProvider(options));
      const openfeature = await OpenFeature.getClient().getStringValue("hello", "nobody");
      await OpenFeature.close();
      const tested = createTestClient({ flags: { hello: "test" } }).for({}).value("hello", "nobody");
      return [createClient(options).for({}).value("hello", "nobody"), page, openfeature, tested, entries.length].join();
    }`;
  const answer = "world,world,world,test,6";
  beforeAll(async () => {
    await bring("sdk", "@types/node");
    await bring("react", "react", "react-dom", "@types/react");
    await bring("openfeature", "@openfeature/core", "@openfeature/server-sdk", "@openfeature/web-sdk");
  });

  it("is required by a Node that cannot require ES modules (20.0 to 20.18)", async () => {
    const folder = await inCommonJs({ "run.js": `${program}\nask().then(console.log);` });
    expect(sh(process.execPath, ["--no-experimental-require-module", "run.js"], folder)).toBe(`${answer}\n`);
  });

  it.each(["node", "browser"])("is required by Jest 29 with the conditions of %s", async (condition) => {
    const test = `${program}\ntest("runs", async () => expect(await ask()).toBe("${answer}"));`;
    const config = { testEnvironmentOptions: { customExportConditions: [condition] }, transform: {} };
    const folder = await inCommonJs({ "sdk.test.js": test, "jest.config.json": JSON.stringify(config) });
    const args = [
      join(root, "scripts/node_modules/jest/bin/jest.js"),
      "--rootDir",
      folder,
      "--watchman=false",
      "--forceExit",
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 100_000 });
    expect([status, stderr]).toEqual([0, expect.stringContaining("1 passed")]);
  });

  it("type-checks by TypeScript's node16", async () => {
    const typed = `
      import { createClient, type Unit } from "@telltale/sdk";
      import { closeOnExit } from "@telltale/sdk/node";
      import { TelltaleServerProvider } from "@telltale/openfeature/server";
      import { TelltaleProvider, useFlag } from "@telltale/react";
      declare module "@telltale/sdk" { interface Flags { "colour": "navy" | "red" } }
      const client = createClient({ key: "k", url: "http://edge.test", storage: () => localStorage });
      closeOnExit(client);
      export const provider = new TelltaleServerProvider(client);
      export const Colour = () => <TelltaleProvider client={client} context={{}}>{useFlag("colour", "navy")}</TelltaleProvider>;
      export const told = (me: Unit): "navy" | "red" => me.value("colour", "navy");
      // @ts-expect-error no value of this flag
      client.for({}).value("colour", "green");
    `;
    expect(compile("node16", await inCommonJs({ "typed.tsx": typed }), ["typed.tsx"])).toBe("");
  });
}, 120_000);
