import { defineConfig } from "tsdown";
import { publishable } from "../../scripts/pack/publishable.mjs";

const room = publishable({
  entries: ["index", "wire", "hooks", "overrides", "testing", "node"],
  bundled: ["@telltale/evaluator"],
  more: { "./telltale.min.js": "./telltale.min.js" },
});
const { format, target, tsconfig, deps } = room;

export default defineConfig([
  room,
  // For a page without a bundler: <script type="module">.
  {
    ...{ format, target, tsconfig, deps },
    entry: { "telltale.min": "src/index.ts" },
    platform: "browser",
    minify: true,
    clean: false,
  },
]);
