import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

/**
 * Bytes that a browser loads, minified and gzipped: evaluator with every operator, hash, stream, polling, storage,
 * queue. Only ever lower this number. The goal is 5,000; ADR 6 says where they are.
 */
const BYTES_MAX = 10_045;

it(`weighs at most ${BYTES_MAX} bytes, minified and gzipped, without any piece of Node`, async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    // A Node built-in would not resolve for a browser, and fail the build.
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const bytes = gzipSync(code, { level: 9 }).length;
  process.stdout.write(`@telltale/sdk: ${bytes} bytes min+gzip (${code.length} minified)\n`);
  expect(bytes).toBeLessThanOrEqual(BYTES_MAX);
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/(?:\.pnpm\/)?(\w+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)]).toEqual([]);
});
