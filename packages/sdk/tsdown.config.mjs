import { copyFile, readFile, writeFile } from "node:fs/promises";
import { defineConfig } from "tsdown";

const entries = ["index", "wire", "hooks", "overrides", "testing", "node"];
// The evaluator is inside: one package to install, with nothing else.
const deps = { alwaysBundle: ["@telltale/evaluator"], neverBundle: [/^node:/] };
const common = { format: "esm", target: "es2022", tsconfig: "tsconfig.json", deps };

/** `dist` is the package: `npm pack ./dist` makes what is published. */
async function describePackage() {
  const { name, version, description, license } = JSON.parse(await readFile("package.json", "utf8"));
  const exportOf = (entry) => [
    entry === "index" ? "." : `./${entry}`,
    { types: `./${entry}.d.ts`, default: `./${entry}.js` },
  ];
  const published = {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    exports: {
      ...Object.fromEntries(entries.map(exportOf)),
      "./telltale.min.js": "./telltale.min.js",
      "./package.json": "./package.json",
    },
  };
  await writeFile("dist/package.json", `${JSON.stringify(published, null, 2)}\n`);
  await copyFile("README.md", "dist/README.md");
  await copyFile("../../LICENSE", "dist/LICENSE");
}

export default defineConfig([
  {
    ...common,
    entry: entries.map((entry) => `src/${entry}.ts`),
    platform: "neutral",
    dts: { oxc: true },
    clean: true,
    onSuccess: describePackage,
  },
  // For a page without a bundler: <script type="module">.
  { ...common, entry: { "telltale.min": "src/index.ts" }, platform: "browser", minify: true, clean: false },
]);
