import { copyFile, readFile, writeFile } from "node:fs/promises";

/**
 * How a room becomes a package of its own, for its `tsdown.config.mjs`: `dist` is the package, `npm pack ./dist` makes
 * what is published. ES modules with types, and a package.json that says what the room's says.
 *
 * @param {{ entries: string[], bundled?: string[], more?: object }} room `entries` by name in `src`; `bundled` rooms
 *   are inside, so that nobody has to install them; `more` is added to the package's exports.
 */
export function publishable({ entries, bundled = [], more = {} }) {
  return {
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.json",
    deps: { alwaysBundle: bundled, neverBundle: [/^node:/] },
    entry: entries.map((entry) => (entry.includes(".") ? `src/${entry}` : `src/${entry}.ts`)),
    platform: "neutral",
    dts: { oxc: true },
    clean: true,
    onSuccess: () => describePackage(entries, bundled, more),
  };
}

async function describePackage(entries, bundled, more) {
  const room = JSON.parse(await readFile("package.json", "utf8"));
  const { name, version, description, license, peerDependencies, peerDependenciesMeta, bin } = room;
  const others = Object.keys(room.dependencies ?? {}).filter((one) => !bundled.includes(one));
  const exportOf = (entry) => [
    entry === "index" ? "." : `./${entry}`,
    { types: `./${entry}.d.ts`, default: `./${entry}.js` },
  ];
  const published = {
    ...{ name, version, description, license },
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    ...(bin && { bin: mapValues(bin, (path) => path.replace("/src/", "/").replace(/\.ts$/, ".js")) }),
    exports: {
      ...Object.fromEntries(entries.filter((entry) => entry !== "main").map(exportOf)),
      ...more,
      "./package.json": "./package.json",
    },
    // Released together, so of the same version.
    ...(others.length > 0 && { dependencies: Object.fromEntries(others.map((one) => [one, version])) }),
    ...{ peerDependencies, peerDependenciesMeta },
  };
  await writeFile("dist/package.json", `${JSON.stringify(published, null, 2)}\n`);
  await copyFile("README.md", "dist/README.md");
  await copyFile("../../LICENSE", "dist/LICENSE");
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
