import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** How much it weighs is `size-limit`'s to say (`check`, limit in the root's package.json). */
it("bundles for a browser without any piece of Node or of a package", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    // A Node built-in would not resolve for a browser, and fail the build.
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/(?:\.pnpm\/)?(\w+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)]).toEqual([]);
});
