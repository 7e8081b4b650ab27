import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

/**
 * Rooms that become packages of their own: a room's `dist` is the package, `npm pack ./dist` makes what is published.
 * ES modules and CommonJS with types of each, and a package.json that says what the room's says.
 */
export default defineConfig([
  // The evaluator is inside: one package to install, with nothing else.
  room({
    name: "sdk",
    entries: ["index", "wire", "hooks", "overrides", "testing", "node", "watch", "watch/node"],
    inFolder: { watch: "src/watch/index.ts" },
    inNode: { index: "src/node/index.ts" },
    bundled: ["@telltale/evaluator"],
    more: { "./telltale.min.js": "./telltale.min.js" },
  }),
  // For a page without a bundler: <script type="module">.
  {
    ...common("sdk", ["@telltale/evaluator"]),
    entry: { "telltale.min": "src/index.ts" },
    format: "esm",
    platform: "browser",
    minify: true,
    dts: false,
    clean: false,
  },
  room({ name: "react", entries: ["index"] }),
  room({ name: "openfeature", entries: ["server", "web"] }),
  // A command, which is run and not required.
  room({ name: "cli", entries: ["index", "main"], bundled: ["@telltale/evaluator"], formats: ["esm"] }),
]);

/** What every build of a room has; `bundled` rooms are inside, so that nobody has to install them. */
function common(name, bundled) {
  return {
    cwd: folderOf(name),
    target: "es2022",
    tsconfig: "tsconfig.json",
    deps: { alwaysBundle: bundled, neverBundle: [/^node:/] },
  };
}

/**
 * @param {object} room
 * @param {string} room.name
 * @param {string[]} room.entries
 * @param {Record<string, string>} [room.inFolder] The source of an entry that is a folder.
 * @param {Record<string, string>} [room.inNode] The source of an entry where Node runs it; its types are the entry's.
 * @param {string[]} [room.bundled]
 * @param {Record<string, string>} [room.more] Added to the package's exports.
 * @param {("esm" | "cjs")[]} [room.formats]
 */
function room({ name, entries, inFolder = {}, inNode = {}, bundled = [], more = {}, formats = ["esm", "cjs"] }) {
  const sources = entries.map((entry) => [entry, inFolder[entry] ?? `src/${entry}.ts`]);
  const sourcesInNode = Object.entries(inNode).map(([entry, source]) => [`${entry}.node`, source]);
  return {
    ...common(name, bundled),
    entry: Object.fromEntries([...sources, ...sourcesInNode]),
    format: formats,
    platform: "neutral",
    dts: { oxc: true },
    clean: true,
    onSuccess: () => describePackage(folderOf(name), { entries, inNode, bundled, more, formats }),
  };
}

async function describePackage(folder, { entries, inNode, bundled, more, formats }) {
  const own = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name, version, description, license, bin, peerDependencies, peerDependenciesMeta } = own;
  const builtOf = (source) => source.replace(/^\.\/src\/(.*)\.ts$/, "./$1.js");
  const commands = Object.fromEntries(Object.entries(bin ?? {}).map(([command, source]) => [command, builtOf(source)]));
  const exported = entries.filter((entry) => !Object.values(commands).includes(`./${entry}.js`));
  const others = Object.keys(own.dependencies ?? {}).filter((one) => !bundled.includes(one));
  /** One form of an entry: where its types are, and what runs. */
  const formOf = (entry, suffix) => ({
    types: `./${entry}.d.${suffix.replace("js", "ts")}`,
    ...(entry in inNode && { node: `./${entry}.node.${suffix}` }),
    default: `./${entry}.${suffix}`,
  });
  const exportOf = (entry) => [
    entry === "index" ? "." : `./${entry}`,
    formats.includes("cjs") ? { import: formOf(entry, "js"), require: formOf(entry, "cjs") } : formOf(entry, "js"),
  ];
  const published = {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    ...(bin && { bin: commands }),
    exports: { ...Object.fromEntries(exported.map(exportOf)), ...more, "./package.json": "./package.json" },
    // Released together, so of the same version.
    ...(others.length > 0 && { dependencies: Object.fromEntries(others.map((one) => [one, version])) }),
    peerDependencies,
    peerDependenciesMeta,
  };
  await writeFile(join(folder, "dist/package.json"), `${JSON.stringify(published, null, 2)}\n`);
  await copyFile(join(folder, "README.md"), join(folder, "dist/README.md"));
  await copyFile(join(folder, "../../LICENSE"), join(folder, "dist/LICENSE"));
}

function folderOf(name) {
  return fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
}
