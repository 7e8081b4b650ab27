import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

/**
 * Rooms that become packages of their own: a room's `dist` is the package, `npm pack ./dist` makes what is published.
 * ES modules with types, and a package.json that says what the room's says.
 */
const SDK = ["index", "wire", "hooks", "overrides", "testing", "node"];

export default defineConfig([
  // The evaluator is inside: one package to install, with nothing else.
  room("sdk", SDK, ["@telltale/evaluator"], { "./telltale.min.js": "./telltale.min.js" }),
  // For a page without a bundler: <script type="module">.
  {
    ...common("sdk", ["@telltale/evaluator"]),
    entry: { "telltale.min": "src/index.ts" },
    platform: "browser",
    minify: true,
    clean: false,
  },
  room("react", ["index"]),
  room("openfeature", ["server", "web"]),
  room("cli", ["index", "main"], ["@telltale/evaluator"]),
]);

/** What every build of a room has; `bundled` rooms are inside, so that nobody has to install them. */
function common(name, bundled) {
  return {
    cwd: folderOf(name),
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.json",
    deps: { alwaysBundle: bundled, neverBundle: [/^node:/] },
  };
}

/** @param more Added to the package's exports. */
function room(name, entries, bundled = [], more = {}) {
  return {
    ...common(name, bundled),
    entry: entries.map((entry) => `src/${entry}.ts`),
    platform: "neutral",
    dts: { oxc: true },
    clean: true,
    onSuccess: () => describePackage(folderOf(name), entries, bundled, more),
  };
}

async function describePackage(folder, entries, bundled, more) {
  const own = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name, version, description, license, bin, peerDependencies, peerDependenciesMeta } = own;
  const builtOf = (source) => source.replace(/^\.\/src\/(.*)\.ts$/, "./$1.js");
  const commands = Object.fromEntries(Object.entries(bin ?? {}).map(([command, source]) => [command, builtOf(source)]));
  const exported = entries.filter((entry) => !Object.values(commands).includes(`./${entry}.js`));
  const others = Object.keys(own.dependencies ?? {}).filter((one) => !bundled.includes(one));
  const exportOf = (entry) => [
    entry === "index" ? "." : `./${entry}`,
    { types: `./${entry}.d.ts`, default: `./${entry}.js` },
  ];
  const published = {
    ...{ name, version, description, license },
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    ...(bin && { bin: commands }),
    exports: { ...Object.fromEntries(exported.map(exportOf)), ...more, "./package.json": "./package.json" },
    // Released together, so of the same version.
    ...(others.length > 0 && { dependencies: Object.fromEntries(others.map((one) => [one, version])) }),
    ...{ peerDependencies, peerDependenciesMeta },
  };
  await writeFile(join(folder, "dist/package.json"), `${JSON.stringify(published, null, 2)}\n`);
  await copyFile(join(folder, "README.md"), join(folder, "dist/README.md"));
  await copyFile(join(folder, "../../LICENSE"), join(folder, "dist/LICENSE"));
}

function folderOf(name) {
  return fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
}
